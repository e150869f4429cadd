package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.call.TokenMinter;
import chat.milena.schemas.key.ConversationKey;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What bad input gets: the coded error that names the field, nothing half done, and a connection that lives unless
/// the protocol says otherwise. After each case a good message goes through and takes the next number.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {
    private static final String NOWHERE = "nowhere";
    private static final int FRAME_BYTES_OVER = 65 * 1024;

    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    private final List<String> good = new ArrayList<>();
    private Tenant home;
    private String talk;
    private String strangersTalk;
    private String strangersGroup;

    @BeforeAll
    void open() throws Exception {
        home = Tenant.ofDefault(milena);
        talk = home.direct("alice", "bob");
        strangersTalk = home.direct("carol", "dave");
        strangersGroup = home.group("carol", "dave");
    }

    @AfterAll
    void close() {
        home.close();
    }

    /// Whatever was bad has left no trace.
    @AfterEach
    void logHoldsTheGoodAlone() {
        MessageLog log = MessageLog.of(milena);
        assertThat(log.numbers(talk).keySet()).containsExactlyElementsOf(good);
        assertThat(log.messages(strangersTalk)).isEmpty();
        assertThat(log.messages(strangersGroup)).isEmpty();
        assertThat(log.conversations().keySet())
                .filteredOn(conversation -> conversation.tenant().equals("default"))
                .extracting(ConversationKey::conversationId)
                .containsExactlyInAnyOrder(talk, strangersTalk, strangersGroup);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        hello                                                  | not JSON
        {"type":"message.send"                                 | not JSON
        {"type":"heartbeat"} {}                                | not JSON
        [1]                                                    | not a JSON object
        "message.send"                                         | not a JSON object
        {}                                                     | type:
        {"type":null}                                          | type:
        {"type":7}                                             | type:
        """)
    void malformedFrameIsToldAndTheConnectionLives(String frame, String told) throws IOException {
        try (RawSocket alice = connected()) {
            alice.text(frame);
            assertError(alice.nextFrame(), null, "INVALID_REQUEST", told);
            sendGood(alice);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        {"type":"message.sned","id":"r"}                                          | r | INVALID_REQUEST | type:
        {"type":"message.send","id":5,"payload":{}}                               |   | INVALID_REQUEST | id:
        {"type":"message.send","id":"r"}                                          | r | INVALID_REQUEST | payload:
        {"type":"message.send","id":"r","payload":null}                           | r | INVALID_REQUEST | payload:
        {"type":"message.send","id":"r","payload":[]}                             | r | INVALID_REQUEST | payload:
        {"type":"token.refresh","id":"r","payload":{}}                            | r | INVALID_REQUEST | payload.token:
        {"type":"token.refresh","id":"r","payload":{"token":"abc"}}               | r | UNAUTHORIZED    | payload.token:
        """)
    void wrongFrameIsToldUnderItsIdAndTheConnectionLives(String frame, String id, String code, String told)
            throws IOException {
        try (RawSocket alice = connected()) {
            alice.text(frame);
            assertError(alice.nextFrame(), id, code, told);
            sendGood(alice);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        "conversationId":"TALK","content":CONTENT                                         | messageId:
        "messageId":null,"conversationId":"TALK","content":CONTENT                        | messageId:
        "messageId":5,"conversationId":"TALK","content":CONTENT                           | messageId:
        "messageId":"","conversationId":"TALK","content":CONTENT                          | messageId:
        "messageId":"a b","conversationId":"TALK","content":CONTENT                       | messageId:
        "messageId":"LONG","conversationId":"TALK","content":CONTENT                      | messageId:
        "messageId":"bad","conversationId":"TALK"                                         | content:
        "messageId":"bad","conversationId":"TALK","content":null                          | content:
        "messageId":"bad","conversationId":"TALK","content":"hi"                          | content:
        "messageId":"bad","conversationId":"TALK","content":{"text":"hi"}                 | content.type:
        "messageId":"bad","conversationId":"TALK","content":{"type":"video","text":"hi"}  | content.type:
        "messageId":"bad","conversationId":"TALK","content":{"type":"text"}               | content.text:
        "messageId":"bad","conversationId":"TALK","content":{"type":"text","text":null}   | content.text:
        "messageId":"bad","conversationId":"TALK","content":{"type":"text","text":5}      | content.text:
        "messageId":"bad","conversationId":"TALK","content":{"type":"text","text":""}     | content.text:
        "messageId":"bad","conversationId":"TALK","content":{"type":"text","text":"\\ud800"}    | content.text:
        "messageId":"bad","conversationId":"TALK","content":{"type":"text","text":"x\\udc00y"}  | content.text:
        "messageId":"bad","conversationId":"TALK","content":{"type":"image"}              | content.mediaUrl:
        "messageId":"bad","conversationId":"TALK","content":{"type":"image","mediaUrl":"javascript:1"} | content.mediaUrl:
        "messageId":"bad","conversationId":"TALK","content":{"type":"location"}           | content.metadata:
        "messageId":"bad","conversationId":"TALK","content":{"type":"text","text":"x","metadata":"m"} | content.metadata:
        "messageId":"bad","conversationId":"TALK","content":CONTENT,"expiresAt":"soon"    | expiresAt:
        "messageId":"bad","conversationId":"TALK","content":CONTENT,"expiresAt":1.5       | expiresAt:
        "messageId":"bad","conversationId":"TALK","content":CONTENT,"expiresAt":1         | expiresAt:
        "messageId":"bad","conversationId":"TALK","content":{"type":"text","text":"x","mentions":"al"} | content.mentions:
        "messageId":"bad","conversationId":"TALK","content":{"type":"text","text":"x","mentions":{}}   | content.mentions:
        "messageId":"bad","conversationId":"TALK","content":{"type":"text","text":"x","mentions":[5]}  | content.mentions[0]:
        "messageId":"bad","conversationId":"TALK","content":{"type":"text","text":"x","mentions":["bob","a b"]} | content.mentions[1]:
        "messageId":"bad","conversationId":"TALK","content":CONTENT,"threadOf":5          | threadOf:
        "messageId":"bad","conversationId":"TALK","content":CONTENT,"threadOf":"a b"      | threadOf:
        "messageId":"bad","conversationId":"TALK","content":CONTENT,"showInConversation":true | showInConversation:
        "messageId":"bad","conversationId":"TALK","content":CONTENT,"threadOf":"m","showInConversation":1 | showInConversation:
        "messageId":"bad","conversationId":"TALK","content":CONTENT,"replyTo":5           | replyTo:
        "messageId":"bad","conversationId":"TALK","content":CONTENT,"replyTo":""          | replyTo:
        "messageId":"bad","conversationId":"TALK","content":CONTENT,"replyTo":"a b"       | replyTo:
        "messageId":"bad","conversationId":"TALK","content":CONTENT,"replyTo":"LONG"      | replyTo:
        "messageId":"bad","conversationId":"TALK","content":CONTENT,"replyTo":{"messageId":"m"} | replyTo:
        """)
    void wrongMessageIsRefusedAlikeOverWebSocketAndRest(String fields, String told) throws Exception {
        String payload = "{"
                + fields.replace("TALK", talk)
                        .replace("CONTENT", "{\"type\":\"text\",\"text\":\"hi\"}")
                        .replace("LONG", "m".repeat(65))
                + "}";
        try (RawSocket alice = connected()) {
            alice.text(frame(payload));
            assertError(alice.nextFrame(), "r", "INVALID_MESSAGE", told);
            assertAnswer(postMessage("alice", talk, payload), 400, "INVALID_MESSAGE", told);
            sendGood(alice);
        }
    }

    @Test
    void messageMentionsFiftyPeopleAtMost() throws Exception {
        String mentions = IntStream.range(0, 51).mapToObj(i -> "\"u" + i + "\"").collect(Collectors.joining(","));
        String content = "{\"type\":\"text\",\"text\":\"hi\",\"mentions\":[" + mentions + "]}";
        String payload = "{\"messageId\":\"bad\",\"conversationId\":\"" + talk + "\",\"content\":" + content + "}";
        try (RawSocket alice = connected()) {
            alice.text(frame(payload));
            assertError(alice.nextFrame(), "r", "TOO_LARGE", "content.mentions:");
            assertAnswer(postMessage("alice", talk, payload), 413, "TOO_LARGE", "content.mentions:");
            alice.text(changeFrame("message.edit", "\"messageId\":\"none\",\"content\":" + content));
            assertError(alice.nextFrame(), "r", "TOO_LARGE", "content.mentions:");
            sendGood(alice);
        }
    }

    @ParameterizedTest
    @CsvSource({"replyTo,none", "replyTo,bad", "threadOf,none", "threadOf,bad"})
    void messageAboutNoMessageIsRefusedAlikeOverWebSocketAndRest(String field, String target) throws Exception {
        String payload = payload("bad", talk, "hi").replaceFirst("}$", ",\"" + field + "\":\"" + target + "\"}");
        try (RawSocket alice = connected()) {
            alice.text(frame(payload));
            assertError(alice.nextFrame(), "r", "MESSAGE_NOT_FOUND", field + ":");
            assertAnswer(postMessage("alice", talk, payload), 404, "MESSAGE_NOT_FOUND", field + ":");
            sendGood(alice);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"messageId\":\"bad\"",
                "\"messageId\":\"bad\",\"conversationId\":null",
                "\"messageId\":\"bad\",\"conversationId\":7",
                "\"messageId\":\"bad\",\"conversationId\":\"a/b\""
            })
    void frameWithoutAConversationIsRefused(String fields) throws IOException {
        try (RawSocket alice = connected()) {
            alice.text(frame("{" + fields + ",\"content\":{\"type\":\"text\",\"text\":\"hi\"}}"));
            assertError(alice.nextFrame(), "r", "INVALID_MESSAGE", "conversationId:");
            sendGood(alice);
        }
    }

    @Test
    void textHasFourThousandCodePointsAtMost() throws Exception {
        String astral = "\ud83d\udc22";
        try (RawSocket alice = connected()) {
            for (String tooLong : List.of(astral.repeat(4_001), "x".repeat(4_001))) {
                String payload = payload("bad", talk, tooLong);
                alice.text(frame(payload));
                assertError(alice.nextFrame(), "r", "TOO_LARGE", "content.text:");
                assertAnswer(postMessage("alice", talk, payload), 413, "TOO_LARGE", "content.text:");
            }
            sendGood(alice, astral.repeat(4_000));
            sendGood(alice, "x".repeat(4_000));
        }
    }

    @Test
    void metadataHasFourKibibytesAtMost() throws Exception {
        int around = "{\"k\":\"\"}".length();
        try (RawSocket alice = connected()) {
            String tooLarge = withMetadata("bad", "x".repeat(4_097 - around));
            alice.text(frame(tooLarge));
            assertError(alice.nextFrame(), "r", "TOO_LARGE", "content.metadata:");
            assertAnswer(postMessage("alice", talk, tooLarge), 413, "TOO_LARGE", "content.metadata:");

            String id = nextGoodId();
            alice.text(frame(withMetadata(id, "x".repeat(4_096 - around))));
            assertAcked(alice, id);
        }
    }

    @Test
    void conversationsThatOneMayNotSeeAreAllAlike() throws Exception {
        try (Tenant shop = new Tenant(milena, "shop");
                RawSocket alice = connected()) {
            List<String> unseen = List.of(NOWHERE, strangersTalk, shop.direct("alice", "bob"), shop.group("alice"));
            List<String> told = new ArrayList<>();
            for (String conversationId : unseen) {
                String payload = payload("bad", conversationId, "let me in");
                alice.text(frame(payload));
                JsonNode error = alice.nextFrame();
                assertError(error, "r", "CONVERSATION_NOT_FOUND", "");
                Rest.Answer answer = postMessage("alice", conversationId, payload);
                assertAnswer(answer, 404, "CONVERSATION_NOT_FOUND", "");
                told.add(error + " " + answer.text());
            }
            assertThat(told).containsOnly(told.getFirst());
            sendGood(alice);
        }
    }

    @Test
    void groupsOfTheSameTenantAreForbiddenToOutsiders() throws Exception {
        String payload = payload("bad", strangersGroup, "let me in");
        try (RawSocket alice = connected()) {
            alice.text(frame(payload));
            assertError(alice.nextFrame(), "r", "FORBIDDEN", "");
            assertAnswer(postMessage("alice", strangersGroup, payload), 403, "FORBIDDEN", "");
            sendGood(alice);
        }
    }

    @Test
    void anothersMessageIdIsRefusedAndStaysTheirs() throws Exception {
        try (RawSocket alice = connected();
                RawSocket bob = RawSocket.connected(milena.port(), home.tokenOf("bob"))) {
            String id = sendGood(alice);
            String payload = payload(id, talk, "mine now");
            bob.text(frame(payload));
            assertError(bob.nextFrame("error"), "r", "INVALID_MESSAGE", "messageId:");
            assertAnswer(postMessage("bob", talk, payload), 400, "INVALID_MESSAGE", "messageId:");
        }
    }

    @Test
    void binaryFrameIsMalformedAndTheConnectionLives() throws IOException {
        try (RawSocket alice = connected()) {
            alice.binary(frame(payload("bad", talk, "in disguise")).getBytes(StandardCharsets.UTF_8));
            assertError(alice.nextFrame(), null, "INVALID_REQUEST", "binary");
            sendGood(alice);
        }
    }

    @Test
    void tooManyMalformedFramesEndTheConnection() throws IOException {
        try (RawSocket alice = connected()) {
            for (int i = 0; i < 10; i++) {
                alice.text("no frame");
                assertError(alice.nextFrame(), null, "INVALID_REQUEST", "not JSON");
            }
            sendGood(alice);
            alice.text("no frame");
            assertThat(afterErrors(alice)).isEqualTo(new RawSocket.Received.Closed(4400));
        }
    }

    @Test
    void frameOver64KibibytesEndsTheConnection() throws IOException {
        try (RawSocket alice = connected()) {
            sendGood(alice);
            alice.text(frame(payload("bad", talk, "x".repeat(FRAME_BYTES_OVER))));
            assertThat(alice.next()).isEqualTo(new RawSocket.Received.Closed(1009));
        }
        sendGoodAnew();
    }

    static Stream<byte[]> bytesThatAreNoUtf8() {
        return Stream.of(
                        new int[] {0xff},
                        new int[] {0xc0, 0x80},
                        new int[] {0xed, 0xa0, 0x80},
                        new int[] {0xf4, 0x90, 0x80, 0x80},
                        new int[] {0xe2, 0x82})
                .map(bytes -> {
                    byte[] all = new byte[bytes.length];
                    for (int i = 0; i < all.length; i++) {
                        all[i] = (byte) bytes[i];
                    }
                    return all;
                });
    }

    @ParameterizedTest
    @MethodSource("bytesThatAreNoUtf8")
    void invalidUtf8EndsTheConnection(byte[] bytes) throws IOException {
        String before = frame(payload("bad", talk, "X"));
        int at = before.indexOf('X');
        byte[] text = new byte[before.length() - 1 + bytes.length];
        System.arraycopy(before.getBytes(StandardCharsets.US_ASCII), 0, text, 0, at);
        System.arraycopy(bytes, 0, text, at, bytes.length);
        byte[] rest = before.substring(at + 1).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(rest, 0, text, at + bytes.length, rest.length);
        try (RawSocket alice = connected()) {
            alice.text(text);
            assertThat(alice.next()).isEqualTo(new RawSocket.Received.Closed(1007));
        }
        sendGoodAnew();
    }

    @Test
    void badTokenIsClosedWithoutAGreetingAnd401ByRest() throws Exception {
        TokenMinter ours = TokenMinter.fromFile(milena.data().resolve("operator.secret"), Clock.systemUTC());
        TokenMinter forger = new TokenMinter(
                "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII), Clock.systemUTC());
        String valid = ours.mint("alice", "default", Duration.ofHours(1));
        String body = payload("bad", talk, "let me in");
        List<String> bad = List.of(
                ours.mint("alice", "default", Duration.ofMinutes(-1)),
                forger.mint("alice", "default", Duration.ofHours(1)),
                ours.mint("a/b", "default", Duration.ofHours(1)),
                ours.mint("alice", "a b", Duration.ofHours(1)),
                unsigned(valid),
                valid.substring(0, valid.lastIndexOf('.') + 1),
                "garbage");
        for (String token : bad) {
            try (RawSocket byAddress = RawSocket.withTokenInAddress(milena.port(), token);
                    RawSocket byHeader = RawSocket.withTokenInHeader(milena.port(), token)) {
                assertThat(byAddress.next()).isEqualTo(new RawSocket.Received.Closed(4401));
                assertThat(byHeader.next()).isEqualTo(new RawSocket.Received.Closed(4401));
            }
            assertAnswer(home.rest().post(messages(talk), token, body), 401, "UNAUTHORIZED", "token");
        }
        try (RawSocket nobody = RawSocket.withoutToken(milena.port())) {
            assertThat(nobody.next()).isEqualTo(new RawSocket.Received.Closed(4401));
        }
        assertAnswer(home.rest().post(messages(talk), "", body), 401, "UNAUTHORIZED", "token");
        sendGoodAnew();
    }

    @Test
    void anothersTokenDoesNotRefresh() throws IOException {
        try (RawSocket alice = connected()) {
            alice.text("{\"type\":\"token.refresh\",\"id\":\"r\",\"payload\":{\"token\":\"%s\"}}"
                    .formatted(home.tokenOf("bob")));
            assertError(alice.nextFrame(), "r", "UNAUTHORIZED", "payload.token:");
            sendGood(alice);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        conversations | hello                                                         | 400 | INVALID_REQUEST | body:
        conversations | []                                                            | 400 | INVALID_REQUEST | body:
        conversations | {"participantIds":["bob"]}                                    | 400 | INVALID_REQUEST | type:
        conversations | {"type":"group","participantIds":["bob"]}                     | 400 | INVALID_REQUEST | type:
        conversations | {"type":"direct"}                                             | 400 | INVALID_REQUEST | participantIds:
        conversations | {"type":"direct","participantIds":"bob"}                      | 400 | INVALID_REQUEST | participantIds:
        conversations | {"type":"direct","participantIds":[]}                         | 400 | INVALID_REQUEST | participantIds:
        conversations | {"type":"direct","participantIds":["alice"]}                  | 400 | INVALID_REQUEST | participantIds:
        conversations | {"type":"direct","participantIds":["bob","carol"]}            | 400 | INVALID_REQUEST | participantIds:
        conversations | {"type":"direct","participantIds":["b b"]}                    | 400 | INVALID_REQUEST | participantIds[0]:
        groups        | {"participantIds":["bob"]}                                    | 400 | INVALID_REQUEST | name:
        groups        | {"name":7,"participantIds":["bob"]}                           | 400 | INVALID_REQUEST | name:
        groups        | {"name":" ","participantIds":["bob"]}                         | 400 | INVALID_REQUEST | name:
        groups        | {"name":"g"}                                                  | 400 | INVALID_REQUEST | participantIds:
        groups        | {"name":"g","participantIds":[5]}                             | 400 | INVALID_REQUEST | participantIds[0]:
        groups        | {"name":"g","participantIds":["bob","bob"]}                   | 400 | INVALID_REQUEST | participantIds[1]:
        groups        | {"name":"g","participantIds":["bob"],"settings":1}            | 400 | INVALID_REQUEST | settings:
        groups        | {"name":"g","participantIds":["bob"],"settings":{"onlyAdminsCanPost":"y"}} | 400 | INVALID_REQUEST | settings.onlyAdminsCanPost:
        groups        | {"name":"g","participantIds":[PEOPLE]}                        | 413 | TOO_LARGE       | participantIds:
        nosuch        | {}                                                            | 404 | INVALID_REQUEST | path
        """)
    void wrongCallIsRefused(String call, String body, int status, String code, String told) throws Exception {
        String people = String.join(
                ",", IntStream.range(0, 1_000).mapToObj(i -> "\"p" + i + "\"").toList());

        Rest.Answer answer = home.rest().post("/api/v1/" + call, home.tokenOf("alice"), body.replace("PEOPLE", people));

        assertAnswer(answer, status, code, told);
        sendGoodAnew();
    }

    @ParameterizedTest
    @CsvSource({"/api/v1/conversations, 65", "/api/v1/groups, 75", "/api/v1/conversations/x/messages, 65"})
    void bodyOfMoreThanItsCallNeedsIsTooLarge(String path, int kibibytes) throws Exception {
        String body = "{\"name\":\"" + "x".repeat(kibibytes * 1024) + "\"}";

        assertAnswer(home.rest().post(path, home.tokenOf("alice"), body), 413, "TOO_LARGE", "body");
        sendGoodAnew();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/conversations", "/api/v1/groups"})
    void wrongMethodIsRefused(String path) throws Exception {
        Rest.Answer answer = home.rest().call("PUT", path, home.tokenOf("alice"), "{}");

        assertAnswer(answer, 405, "INVALID_REQUEST", "");
    }

    private RawSocket connected() throws IOException {
        return RawSocket.connected(milena.port(), home.tokenOf("alice"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        "revision":0                                       | INVALID_MESSAGE   | 400 | content:
        "content":null                                     | INVALID_MESSAGE   | 400 | content:
        "content":"hi"                                     | INVALID_MESSAGE   | 400 | content:
        "content":{"type":"deleted"}                       | INVALID_MESSAGE   | 400 | content.type:
        "content":{"type":"text","text":""}                | INVALID_MESSAGE   | 400 | content.text:
        "content":CONTENT,"revision":-1                    | INVALID_MESSAGE   | 400 | revision:
        "content":CONTENT,"revision":"1"                   | INVALID_MESSAGE   | 400 | revision:
        "content":CONTENT,"revision":1.5                   | INVALID_MESSAGE   | 400 | revision:
        "content":{"type":"text","text":"LONG"}            | TOO_LARGE         | 413 | content.text:
        "content":CONTENT                                  | MESSAGE_NOT_FOUND | 404 | messageId:
        """)
    void wrongEditIsRefusedAlikeOverWebSocketAndRest(String fields, String code, int status, String told)
            throws Exception {
        String edit =
                fields.replace("CONTENT", "{\"type\":\"text\",\"text\":\"hi\"}").replace("LONG", "x".repeat(4_001));
        try (RawSocket alice = connected()) {
            alice.text(changeFrame("message.edit", "\"messageId\":\"none\"," + edit));
            assertError(alice.nextFrame(), "r", code, told);
            assertAnswer(change("PATCH", "none", "{" + edit + "}"), status, code, told);
            sendGood(alice);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        "reason":""                           | INVALID_MESSAGE   | reason:
        "reason":5                            | INVALID_MESSAGE   | reason:
        "reason":"\\ud800"                    | INVALID_MESSAGE   | reason:
        "reason":"LONG"                       | TOO_LARGE         | reason:
        "reason":"spam"                       | MESSAGE_NOT_FOUND | messageId:
        """)
    void wrongDeletionIsRefused(String fields, String code, String told) throws Exception {
        try (RawSocket alice = connected()) {
            String deletion = "\"messageId\":\"none\"," + fields.replace("LONG", "x".repeat(201));
            alice.text(changeFrame("message.delete", deletion));
            assertError(alice.nextFrame(), "r", code, told);
            sendGood(alice);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"messageId\":null", "\"messageId\":5", "\"messageId\":\"\"", "\"messageId\":\"a b\""})
    void wrongMessageIdOfAChangeIsRefused(String messageId) throws Exception {
        try (RawSocket alice = connected()) {
            for (String type : List.of("message.edit", "message.delete", "message.react", "message.pin")) {
                String content = ",\"emoji\":\"!\",\"content\":{\"type\":\"text\",\"text\":\"hi\"}";
                alice.text(changeFrame(type, messageId + content));
                assertError(alice.nextFrame(), "r", "INVALID_MESSAGE", "messageId:");
            }
            sendGood(alice);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        "remove":true                         | INVALID_MESSAGE   | emoji:
        "emoji":null                          | INVALID_MESSAGE   | emoji:
        "emoji":5                             | INVALID_MESSAGE   | emoji:
        "emoji":""                            | INVALID_MESSAGE   | emoji:
        "emoji":"a b"                         | INVALID_MESSAGE   | emoji:
        "emoji":"\\n"                         | INVALID_MESSAGE   | emoji:
        "emoji":"\\u00a0"                     | INVALID_MESSAGE   | emoji:
        "emoji":"\\u2028"                     | INVALID_MESSAGE   | emoji:
        "emoji":"\\u0085"                     | INVALID_MESSAGE   | emoji:
        "emoji":"\\u007f"                     | INVALID_MESSAGE   | emoji:
        "emoji":"\\u0000"                     | INVALID_MESSAGE   | emoji:
        "emoji":"\\ud83d"                     | INVALID_MESSAGE   | emoji:
        "emoji":"LONG"                        | INVALID_MESSAGE   | emoji:
        "emoji":"!","remove":1                | INVALID_MESSAGE   | remove:
        "emoji":"!"                           | MESSAGE_NOT_FOUND | messageId:
        "emoji":"\\ud83d\\udc4d"              | MESSAGE_NOT_FOUND | messageId:
        """)
    void wrongReactionIsRefused(String fields, String code, String told) throws Exception {
        try (RawSocket alice = connected()) {
            alice.text(changeFrame(
                    "message.react", "\"messageId\":\"none\"," + fields.replace("LONG", "\uD83D\uDE00".repeat(33))));
            assertError(alice.nextFrame(), "r", code, told);
            sendGood(alice);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        none/reactions/%20,             400, INVALID_MESSAGE,   emoji:
        none/reactions/a%0Ab,           400, INVALID_MESSAGE,   emoji:
        none/reactions/%C2%A0,          400, INVALID_MESSAGE,   emoji:
        none/reactions/%00,             400, INVALID_MESSAGE,   emoji:
        none/reactions/LONG,            400, INVALID_MESSAGE,   emoji:
        a%20b/reactions/x,              400, INVALID_MESSAGE,   messageId:
        a%20b/pin,                      400, INVALID_MESSAGE,   messageId:
        none/reactions/%F0%9F%91%8D,    404, MESSAGE_NOT_FOUND, messageId:
        none/reactions/%2F,             404, MESSAGE_NOT_FOUND, messageId:
        none/reactions/%3F,             404, MESSAGE_NOT_FOUND, messageId:
        none/reactions/%252F,           404, MESSAGE_NOT_FOUND, messageId:
        none/reactions/%3B),            404, MESSAGE_NOT_FOUND, messageId:
        none/reactions/+1,              404, MESSAGE_NOT_FOUND, messageId:
        none/pin,                       404, MESSAGE_NOT_FOUND, messageId:
        """)
    void wrongReactionAndPinByRestAreRefused(String path, int status, String code, String told) throws Exception {
        for (String method : List.of("PUT", "DELETE")) {
            assertAnswer(change(method, path.replace("LONG", "x".repeat(33)), ""), status, code, told);
        }
    }

    @Test
    void wrongDeletionByRestIsRefused() throws Exception {
        assertAnswer(change("DELETE", "a%20b", ""), 400, "INVALID_MESSAGE", "messageId:");
        assertAnswer(change("DELETE", "m".repeat(65), ""), 400, "INVALID_MESSAGE", "messageId:");
        assertAnswer(change("DELETE", "none?reason=", ""), 400, "INVALID_MESSAGE", "reason:");
        assertAnswer(change("DELETE", "none?reason=" + "x".repeat(201), ""), 413, "TOO_LARGE", "reason:");
        assertAnswer(change("DELETE", "none", ""), 404, "MESSAGE_NOT_FOUND", "messageId:");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        "threadOf":5,"upToOrdinal":1                       | INVALID_REQUEST   | 400 | threadOf:
        "threadOf":"a b","upToOrdinal":1                   | INVALID_REQUEST   | 400 | threadOf:
        "threadOf":"m"                                     | INVALID_REQUEST   | 400 | upToOrdinal:
        "threadOf":"m","upToOrdinal":-1                    | INVALID_REQUEST   | 400 | upToOrdinal:
        "threadOf":"m","upToOrdinal":"1"                   | INVALID_REQUEST   | 400 | upToOrdinal:
        "threadOf":"m","upToOrdinal":1,"upToSequence":1    | INVALID_REQUEST   | 400 | upToSequence:
        "threadOf":"m","upToOrdinal":1,"messageIds":["m"]  | INVALID_REQUEST   | 400 | messageIds:
        "threadOf":"none","upToOrdinal":1                  | MESSAGE_NOT_FOUND | 404 | threadOf:
        """)
    void wrongReadMarkOfAThreadIsRefusedAlikeOverWebSocketAndRest(String fields, String code, int status, String told)
            throws Exception {
        try (RawSocket alice = connected()) {
            alice.text(changeFrame("message.read", fields));
            assertError(alice.nextFrame(), "r", code, told);
            String read = "/api/v1/conversations/" + talk + "/read";
            assertAnswer(home.rest().call("POST", read, home.tokenOf("alice"), "{" + fields + "}"), status, code, told);
            sendGood(alice);
        }
    }

    @Test
    void threadThatIsNoneIsNotFollowed() throws Exception {
        String threads = "/api/v1/conversations/" + talk + "/threads/";
        for (String method : List.of("PUT", "DELETE")) {
            assertAnswer(
                    home.rest().call(method, threads + "none/follow", home.tokenOf("alice"), ""),
                    404,
                    "MESSAGE_NOT_FOUND",
                    "messageId:");
            assertAnswer(
                    home.rest().call(method, threads + "a%20b/follow", home.tokenOf("alice"), ""),
                    400,
                    "INVALID_MESSAGE",
                    "messageId:");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        PUT    | devices/a%20b             | {}                                      | deviceId:
        PUT    | devices/~conn_1           | {}                                      | deviceId:
        DELETE | devices/a%20b             |                                         | deviceId:
        DELETE | devices/~a%20b            |                                         | deviceId:
        DELETE | devices/a%20b/push        |                                         | deviceId:
        DELETE | devices/~conn_1/push      |                                         | deviceId:
        PUT    | devices/phone             | {}                                      | platform:
        PUT    | devices/phone             | {"platform":"sms"}                      | platform: must be apns, fcm or webpush
        PUT    | devices/phone             | {"platform":"apns","token":"ab"}        | platform: apns is not set up here
        PUT    | devices/phone             | {"platform":"webpush"}                  | platform: webpush is not set up here
        PUT    | users/me/notifications    | {"level":"some"}                        | level:
        PUT    | users/me/notifications    | {"level":1}                             | level:
        PUT    | users/me/notifications    | {"preview":"text"}                      | preview:
        PUT    | users/me/notifications    | {"quietHours":"22-7"}                   | quietHours:
        PUT    | users/me/notifications    | {"quietHours":{"from":"22:00"}}         | quietHours.to:
        PUT    | users/me/notifications    | {"quietHours":{"from":"7:00","to":"8:00"}} | quietHours.from:
        PUT    | users/me/notifications    | {"quietHours":{"from":"24:00","to":"08:00"}} | quietHours.from:
        PUT    | users/me/notifications    | {"quietHours":{"from":"08:00","to":"08:00"}} | quietHours.to:
        PUT    | users/me/notifications    | {"quietHours":{"from":"08:00","to":"09:00","timeZone":"Here"}} | quietHours.timeZone:
        PUT    | conversations/TALK/notifications | {}                               | level: is required
        PUT    | conversations/TALK/notifications | {"level":"some"}                 | level:
        """)
    void wrongDevicesAndNotificationsAreRefused(String method, String path, @Nullable String body, String told)
            throws Exception {
        String at = "/api/v1/" + path.replace("TALK", talk);
        String sent = body == null ? "" : body;
        assertAnswer(home.rest().call(method, at, home.tokenOf("alice"), sent), 400, "INVALID_REQUEST", told);
    }

    private Rest.Answer change(String method, String messageId, String body) throws IOException, InterruptedException {
        return home.rest().call(method, messages(talk) + "/" + messageId, home.tokenOf("alice"), body);
    }

    private String changeFrame(String type, String fields) {
        return "{\"type\":\"%s\",\"id\":\"r\",\"payload\":{\"conversationId\":\"%s\",%s}}"
                .formatted(type, talk, fields);
    }

    private String sendGood(RawSocket sender) throws IOException {
        return sendGood(sender, "good");
    }

    private String sendGood(RawSocket sender, String text) throws IOException {
        String id = nextGoodId();
        sender.text(frame(payload(id, talk, text)));
        assertAcked(sender, id);
        return id;
    }

    private void sendGoodAnew() throws IOException {
        try (RawSocket anew = connected()) {
            sendGood(anew);
        }
    }

    private String nextGoodId() {
        good.add("good-" + good.size());
        return good.getLast();
    }

    private void assertAcked(RawSocket sender, String messageId) throws IOException {
        JsonNode ack = sender.nextFrame();
        assertThat(ack.path("type").asText()).as("%s", ack).isEqualTo("message.ack");
        assertThat(ack.path("id").asText()).isEqualTo("r");
        assertThat(ack.path("payload").path("messageId").asText()).isEqualTo(messageId);
        // The conversation itself is number 1.
        assertThat(ack.path("payload").path("sequenceNumber").asInt()).isEqualTo(good.size() + 1);
    }

    private static void assertError(JsonNode frame, String id, String code, String told) {
        assertThat(frame.path("type").asText()).as("%s", frame).isEqualTo("error");
        assertThat(frame.path("id").asText(null)).as("%s", frame).isEqualTo(id);
        assertThat(frame.path("payload").path("error").asText()).as("%s", frame).isEqualTo(code);
        assertThat(frame.path("payload").path("message").asText()).contains(told);
    }

    private static void assertAnswer(Rest.Answer answer, int status, String code, String told) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.error()).as("%s", answer).isEqualTo(code);
        assertThat(answer.message()).contains(told);
    }

    /// What comes after the errors that are still on their way.
    private static RawSocket.Received afterErrors(RawSocket socket) throws IOException {
        RawSocket.Received received = socket.next();
        while (received instanceof RawSocket.Received.Text(var frame)) {
            assertThat(frame.path("type").asText()).isEqualTo("error");
            received = socket.next();
        }
        return received;
    }

    private Rest.Answer postMessage(String userId, String conversationId, String body)
            throws IOException, InterruptedException {
        return home.rest().post(messages(conversationId), home.tokenOf(userId), body);
    }

    private static String messages(String conversationId) {
        return "/api/v1/conversations/" + conversationId + "/messages";
    }

    private static String frame(String payload) {
        return "{\"type\":\"message.send\",\"id\":\"r\",\"payload\":" + payload + "}";
    }

    private static String payload(String messageId, String conversationId, String text) {
        return "{\"messageId\":\"%s\",\"conversationId\":\"%s\",\"content\":{\"type\":\"text\",\"text\":%s}}"
                .formatted(messageId, conversationId, Rest.quoted(text));
    }

    private String withMetadata(String messageId, String value) {
        return ("{\"messageId\":\"%s\",\"conversationId\":\"%s\","
                        + "\"content\":{\"type\":\"text\",\"text\":\"x\",\"metadata\":{\"k\":\"%s\"}}}")
                .formatted(messageId, talk, value);
    }

    /// The same claims, said to need no signature.
    private static String unsigned(String token) {
        String head = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.US_ASCII));
        return head + token.substring(token.indexOf('.'), token.lastIndexOf('.') + 1);
    }
}
