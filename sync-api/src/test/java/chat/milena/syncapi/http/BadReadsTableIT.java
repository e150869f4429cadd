package chat.milena.syncapi.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.http.SyncServer.Answer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every bad input gets its coded error with the field named, and no view is asked; bodies of `sync` as those of the
/// frame too.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadReadsTableIT {
    private SyncServer server;
    private int cells;

    @BeforeAll
    void start() throws IOException {
        server = new SyncServer();
        FakeConversation.group(server.reads.views, "g", "alice", "bob").saysTimes(3, "alice");
    }

    @AfterEach
    void noViewWasAsked() {
        assertThat(server.reads.asked).hasValue(0);
    }

    @AfterAll
    void stop() {
        server.close();
        System.out.printf("The table of malformed reads has %d cells%n", cells);
    }

    @ParameterizedTest
    @CsvSource({
        "g/messages?limit=0,                          limit",
        "g/messages?limit=-1,                         limit",
        "g/messages?limit=201,                        limit",
        "g/messages?limit=1000000000,                 limit",
        "g/messages?limit=99999999999999999999,       limit",
        "g/messages?limit=abc,                        limit",
        "g/messages?limit=,                           limit",
        "g/messages?limit=5.0,                        limit",
        "g/messages?limit=5%20,                       limit",
        "g/messages?limit=5&limit=5,                  limit",
        "g/messages?before=3&after=1,                 after",
        "g/messages?before=abc,                       before",
        "g/messages?before=,                          before",
        "g/messages?before=-1,                        before",
        "g/messages?before=1e3,                       before",
        "g/messages?before=seq_,                      before",
        "g/messages?before=inbox_MTpn,                before",
        "g/messages?after=user_bob,                   after",
        "g/messages?before=2026-01-01T00:00:00,       before",
        "g/messages?after=2026-13-01T00:00:00Z,       after",
        "g/messages?after=2026-01-01,                 after",
        "g/messages?before=2026-01-01T00:00:00Z&after=1, after",
        "g/messages?before=1&after=2026-01-01T00:00:00Z, after",
        "g/messages?after=9223372036854775808,        after",
        "g/messages?after=seq_1&after=seq_2,          after",
        "g/threads/m2/messages?limit=0,               limit",
        "g/threads/m2/messages?before=3&after=1,      after",
        "g/threads/m2/messages?before=x,              before",
        "g/threads/a%20b/messages,                    messageId",
        "g/threads/m2/messages?sequenceNumber=x,      sequenceNumber",
        "g/threads/m2/messages?sequenceNumber=-2,     sequenceNumber",
        "g/messages/a%20b,                            messageId",
        "g/messages/m2?sequenceNumber=-1,             sequenceNumber",
        "g/messages/m2?sequenceNumber=x,              sequenceNumber",
        "g/messages/m2?sequenceNumber=1&sequenceNumber=1, sequenceNumber",
        "g/messages/a%20b/reactions,                  messageId",
        "g/messages/m2/reactions?emoji=,              emoji",
        "g/messages/m2/reactions?emoji=012345678901234567890123456789012, emoji",
        "g/messages/m2/reactions?cursor=seq_1,        cursor",
        "g/messages/m2/reactions?sequenceNumber=,     sequenceNumber",
        "g/messages/a%20b/receipts,                   messageId",
        "g/messages/m2/receipts?limit=201,            limit",
        "g/messages/m2/receipts?cursor=bob,           cursor",
        "g/messages/m2/receipts?sequenceNumber=1.0,   sequenceNumber",
        "g/members?limit=0,                           limit",
        "g/members?cursor=seq_1,                      cursor",
        "g/members?cursor=,                           cursor",
        "g/members?cursor=user_,                      cursor",
        "g/receipts?limit=201,                        limit",
        "g/receipts?cursor=bob,                       cursor",
        "g/pins?cursor=user_bob,                      cursor",
        "?limit=0,                                    limit",
        "?limit=-1,                                   limit",
        "?limit=1000000000,                           limit",
        "?cursor=seq_7,                               cursor",
        "?cursor=inbox_garbage,                       cursor",
        "?cursor=inbox_,                              cursor",
        "?cursor=user_bob,                            cursor"
    })
    void aBadParameterIsNamed(String call, String field) throws Exception {
        String path = call.startsWith("?") ? call : "/" + call;

        Answer answer = server.get("/api/v1/conversations" + path, "bob");

        cells++;
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("INVALID_REQUEST");
        assertThat(answer.message()).startsWith(field + ": ");
    }

    @ParameterizedTest
    @CsvSource({
        "reports?limit=0,                limit",
        "reports?limit=101,              limit",
        "reports?limit=abc,              limit",
        "reports?limit=5&limit=5,        limit",
        "reports?state=,                 state",
        "reports?state=all,              state",
        "reports?state=open&state=open,  state",
        "reports?cursor=,                cursor",
        "reports?cursor=report_x,        cursor",
        "reports?cursor=ban_a:,          cursor",
        "bans?limit=0,                   limit",
        "bans?limit=201,                 limit",
        "bans?cursor=,                   cursor",
        "bans?cursor=user_a,             cursor",
        "bans?cursor=ban_a,              cursor",
        "bans?cursor=ban_a:b:c,          cursor"
    })
    void badParametersOfModeratorsAreNamedToThemAlone(String call, String field) throws Exception {
        Answer answer = server.get("/api/v1/moderation/" + call, SyncServer.MODERATOR);

        cells++;
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("INVALID_REQUEST");
        assertThat(answer.message()).startsWith(field + ": ");
        assertThat(server.get("/api/v1/moderation/" + call, "bob").error()).isEqualTo("FORBIDDEN");
    }

    @ParameterizedTest
    @CsvSource({
        "'',                      400",
        "?ids=,                   400",
        "?ids=bob%2C,             400",
        "?ids=bob%2C%2Ccarol,     400",
        "?ids=b%20b,              400",
        "?ids=bob%00,             400",
        "?ids=bob&ids=carol,      400"
    })
    void badIdsOfUsersAreNamed(String query, int status) throws Exception {
        Answer answer = server.get("/api/v1/users" + query, "bob");

        cells++;
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.error()).isEqualTo("INVALID_REQUEST");
        assertThat(answer.message()).startsWith("ids: ");
    }

    @Test
    void tooManyUsersAreRefused() throws Exception {
        String ids = IntStream.rangeClosed(0, UserCalls.USERS_MAX)
                .mapToObj("u%d"::formatted)
                .collect(Collectors.joining("%2C"));

        Answer answer = server.get("/api/v1/users?ids=" + ids, "bob");

        cells++;
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.error()).isEqualTo("TOO_LARGE");
        assertThat(answer.message()).startsWith("ids: ");
    }

    static Stream<Arguments> bodies() {
        String one = "{\"conversationId\":\"g\",\"lastSequence\":1}";
        String many = IntStream.range(0, 501)
                .mapToObj("{\"conversationId\":\"c%d\",\"lastSequence\":1}"::formatted)
                .collect(Collectors.joining(",", "{\"conversations\":[", "]}"));
        String deep = "[".repeat(40) + "]".repeat(40);
        return Stream.of(
                arguments("", "body"),
                arguments("{\"conversations\":[" + one, "body"),
                arguments("{\"conversations\":[]} {}", "body"),
                arguments("{\"conversations\":[],\"conversations\":[]}", "body"),
                arguments("[]", "body"),
                arguments("null", "body"),
                arguments("7", "body"),
                arguments("{\"conversations\":[],\"x\":" + deep + "}", "body"),
                arguments("{\"conversations\":[],\"x\":" + "[".repeat(60_000) + "}", "body"),
                arguments("{\"conversations\":[],\"x\":1" + "0".repeat(1_000) + "}", "body"),
                arguments("{}", "conversations"),
                arguments("{\"conversations\":null}", "conversations"),
                arguments("{\"conversations\":{}}", "conversations"),
                arguments("{\"conversations\":\"g\"}", "conversations"),
                arguments(many, "conversations"),
                arguments("{\"conversations\":[" + one + ",7]}", "conversations[1]"),
                arguments("{\"conversations\":[null]}", "conversations[0]"),
                arguments("{\"conversations\":[[]]}", "conversations[0]"),
                arguments("{\"conversations\":[{\"lastSequence\":1}]}", "conversations[0].conversationId"),
                arguments(named("7", "1"), "conversations[0].conversationId"),
                arguments(named("\"\"", "1"), "conversations[0].conversationId"),
                arguments(named("\"a b\"", "1"), "conversations[0].conversationId"),
                arguments(named("\"" + "c".repeat(65) + "\"", "1"), "conversations[0].conversationId"),
                arguments("{\"conversations\":[" + one + "," + one + "]}", "conversations[1].conversationId"),
                arguments("{\"conversations\":[{\"conversationId\":\"g\"}]}", "conversations[0].lastSequence"),
                arguments(named("\"g\"", "null"), "conversations[0].lastSequence"),
                arguments(named("\"g\"", "\"1\""), "conversations[0].lastSequence"),
                arguments(named("\"g\"", "-1"), "conversations[0].lastSequence"),
                arguments(named("\"g\"", "1.5"), "conversations[0].lastSequence"),
                arguments(named("\"g\"", "9223372036854775808"), "conversations[0].lastSequence"),
                arguments("{\"conversations\":[],\"limit\":0}", "limit"),
                arguments("{\"conversations\":[],\"limit\":101}", "limit"),
                arguments("{\"conversations\":[],\"limit\":1000000000}", "limit"),
                arguments("{\"conversations\":[],\"limit\":\"5\"}", "limit"),
                arguments("{\"conversations\":[],\"limit\":{}}", "limit"),
                arguments("{\"conversations\":[],\"newConversationsCursor\":7}", "newConversationsCursor"),
                arguments("{\"conversations\":[],\"newConversationsCursor\":\"seq_7\"}", "newConversationsCursor"));
    }

    private static String named(String conversationId, String lastSequence) {
        return "{\"conversations\":[{\"conversationId\":%s,\"lastSequence\":%s}]}"
                .formatted(conversationId, lastSequence);
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void aBadBodyIsNamed(String body, String field) throws Exception {
        Answer answer = server.sync("bob", body);

        boolean tooLarge = body.contains("c500");
        assertThat(answer.status()).isEqualTo(tooLarge ? 413 : 400);
        assertThat(answer.error()).isEqualTo(tooLarge ? "TOO_LARGE" : "INVALID_REQUEST");
        assertThat(answer.message()).startsWith(field + ": ");
        cells++;
        if (!field.equals("body")) {
            UserKey bob = new UserKey(FakeConversation.TENANT, "bob");
            CallAnswer<?> framed =
                    server.http.sync().answer(bob, new JsonMapper().readTree(body), "payload.", Long.MAX_VALUE);
            assertThat(framed).isInstanceOfSatisfying(CallAnswer.Refused.class, refused -> {
                assertThat(refused.code().word()).isEqualTo(answer.error());
                assertThat(refused.reason()).isEqualTo("payload." + answer.message());
            });
            cells++;
        }
    }

    @Test
    void aBodyThatIsNoUtf8IsNone() throws Exception {
        byte[] body = "{\"conversations\":[],\"x\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);

        Answer answer = server.send(server.request("/api/v1/sync", "bob").POST(BodyPublishers.ofByteArray(body)));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).startsWith("body: ");
    }

    @Test
    void aBodyOfOneByteMoreThanTheDocumentSaysIsRefused() throws Exception {
        String body = "{\"conversations\":[{}]}";

        assertThat(server.sync("bob", body + " ".repeat(65_536 - body.length())).status())
                .isEqualTo(400);
        assertThat(server.sync("bob", body + " ".repeat(65_537 - body.length())).status())
                .isEqualTo(413);
    }

    @Test
    void aBodyOfTenMegabytesIsRefusedByItsLength() throws Exception {
        assertThat(statusLine("Content-Length: 10485760\r\n\r\n")).contains("413");
    }

    @Test
    void aBodyOfTenMegabytesThatTellsNoLengthIsRefusedOnceItIsTooLong() throws Exception {
        int chunk = 1024 * 1024;
        String body = (Integer.toHexString(chunk) + "\r\n" + " ".repeat(chunk) + "\r\n").repeat(10);

        assertThat(statusLine("Transfer-Encoding: chunked\r\n\r\n" + body)).contains("413");
    }

    /// Sends all that it can, and reads the answer beside it.
    private String statusLine(String rest) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.front.port())) {
            socket.setSoTimeout(60_000);
            Thread.ofVirtual().start(() -> {
                String head = "POST /api/v1/sync HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer bob\r\n";
                try {
                    OutputStream out = socket.getOutputStream();
                    out.write((head + rest).getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                } catch (SocketException e) {
                    // The server need not take it all.
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            InputStream in = socket.getInputStream();
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
                line.append((char) c);
            }
            return line.toString();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST,   /api/v1/conversations/g/messages, GET",
        "DELETE, /api/v1/conversations/g,          GET",
        "PUT,    /api/v1/conversations/g/receipts, GET",
        "POST,   /api/v1/conversations,            GET",
        "GET,    /api/v1/sync,                     POST"
    })
    void anotherMethodIsToldWhichOneItMustBe(String method, String path, String allowed) throws Exception {
        Answer answer = server.send(server.request(path, "bob").method(method, BodyPublishers.noBody()));

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.error()).isEqualTo("INVALID_REQUEST");
        assertThat(answer.header("Allow")).startsWith(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/nothing",
        "/api/v1/sync/more",
        "/api/v1/conversations/g/secrets",
        "/api/v1/conversations/g/messages/1/secrets",
        "/api/v1/conversations/"
    })
    void anUnknownPathIsNotFound(String path) throws Exception {
        Answer answer = server.get(path, "bob");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.error()).isEqualTo("INVALID_REQUEST");
    }

    @Test
    void whoDoesNotProveWhoTheyAreIsTurnedAway() throws Exception {
        for (String path : new String[] {"", "/g", "/g/members", "/g/receipts", "/g/messages?limit=0"}) {
            Answer answer = server.get("/api/v1/conversations" + path, "bad");
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.error()).isEqualTo("UNAUTHORIZED");
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        }
        assertThat(server.sync("bad", "{}").status()).isEqualTo(401);
        assertThat(server.sync("unknowable", "{}").status()).isEqualTo(503);
    }

    @Test
    void anIdThatCannotBeOneIsAnsweredLikeAnUnknownOne() throws Exception {
        for (String id : new String[] {"a%20b", "..%2Fg", "x".repeat(65), "%00"}) {
            Answer answer = server.get("/api/v1/conversations/" + id + "/messages", "bob");
            assertThat(answer.status()).as(id).isEqualTo(404);
        }
    }
}
