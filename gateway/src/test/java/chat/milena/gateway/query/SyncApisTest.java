package chat.milena.gateway.query;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.live.PeopleQuery;
import chat.milena.gateway.live.SyncQuery;
import chat.milena.protocol.json.RecordJson;
import chat.milena.protocol.read.SyncResult;
import chat.milena.runtime.config.Secret;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SyncApisTest {
    private static final String SECRET = "a secret of the installation, long enough";
    private static final UserKey ALICE = new UserKey("shop", "alice");
    private static final SyncApis.Question READ = new SyncApis.Question("/api/v1/unread?x=1", "Bearer t", null);

    private final List<HttpServer> servers = new ArrayList<>();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void stop() {
        over.countDown();
        servers.forEach(server -> server.stop(0));
    }

    @Test
    void nextOneIsAskedIfOneCannotBeReached() throws Exception {
        URI gone = URI.create("http://127.0.0.1:1");
        URI there = answering("there", 200, "{\"a\":1}");
        try (SyncApis apis = apis(gone, there)) {
            for (int i = 0; i < 6; i++) {
                assertThat(Objects.requireNonNull(apis.ask(READ)).status()).isEqualTo(200);
            }
        }
        assertThat(asked).hasSize(6).allMatch(line -> line.equals("there GET /api/v1/unread?x=1 Bearer t"));
    }

    @Test
    void questionsAreSpread() throws Exception {
        URI first = answering("first", 200, "{}");
        URI second = answering("second", 404, "{\"error\":\"NOT_FOUND\",\"message\":\"no\"}");
        try (SyncApis apis = apis(first, second)) {
            for (int i = 0; i < 6; i++) {
                assertThat(apis.ask(READ)).isNotNull();
            }
        }
        assertThat(asked.stream().filter(line -> line.startsWith("first"))).hasSize(3);
    }

    @Test
    void oneThatCannotAnswerThisUserNowIsStillAskedForOthers() throws Exception {
        URI busy = answering("busy", 503, "{\"error\":\"UNAVAILABLE\",\"message\":\"no\"}");
        URI good = answering("good", 200, "{}");
        try (SyncApis apis = apis(busy, good)) {
            for (int i = 0; i < 10; i++) {
                assertThat(Objects.requireNonNull(apis.ask(READ)).status()).isEqualTo(200);
            }
        }
        assertThat(asked.stream().filter(line -> line.startsWith("busy"))).hasSize(5);
    }

    @Test
    void oneThatFailsIsAskedLast() throws Exception {
        URI busy = answering("busy", 500, "{\"error\":\"UNAVAILABLE\",\"message\":\"no\"}");
        URI good = answering("good", 200, "{}");
        try (SyncApis apis = apis(busy, good)) {
            for (int i = 0; i < 10; i++) {
                assertThat(Objects.requireNonNull(apis.ask(READ)).status()).isEqualTo(200);
            }
        }
        assertThat(asked.stream().filter(line -> line.startsWith("busy"))).hasSize(1);
    }

    @Test
    void oneThatHangsLeavesTimeForTheNextOne() throws Exception {
        URI hanging = waiting(0);
        URI good = answering("good", 200, "{}");
        try (SyncApis apis = apis(hanging, good)) {
            assertThat(Objects.requireNonNull(apis.ask(READ)).status()).isEqualTo(200);
        }
    }

    @Test
    @Timeout(20)
    void oneWhoseBodyStallsLeavesTimeForTheNextOne() throws Exception {
        URI stalling = waiting(100);
        URI good = answering("good", 200, "{}");
        try (SyncApis apis = apis(stalling, good)) {
            assertThat(Objects.requireNonNull(apis.ask(READ)).status()).isEqualTo(200);
        }
    }

    @Test
    void nobodyAnswersIsUnavailable() throws Exception {
        try (SyncApis apis = apis(URI.create("http://127.0.0.1:1"))) {
            assertThat(apis.ask(READ)).isNull();
            assertThat(new RemotePeople(apis).blocking(ALICE, List.of("bob")))
                    .isEqualTo(new PeopleQuery.Unavailable(Duration.ofSeconds(1)));
            assertThat(new RemoteSync(apis).answer(ALICE, JsonNodeFactory.instance.objectNode(), 1_000))
                    .isInstanceOf(SyncQuery.Unavailable.class);
        }
    }

    @Test
    void oneThatRejectsTheSecretIsNamed() throws Exception {
        URI good = answering("good", 200, "{\"userIds\":[]}");
        URI other = answering("other", 401, "");
        try (SyncApis apis = apis(good, other)) {
            assertThat(apis.rejecting()).isEqualTo(other);
            for (int i = 0; i < 4; i++) {
                assertThat(new RemotePeople(apis).blocking(ALICE, List.of("bob")))
                        .isEqualTo(new PeopleQuery.People(Set.of()));
            }
        }
        assertThat(asked).allMatch(line -> line.endsWith("POST /internal/v1/blocking Bearer " + SECRET));
    }

    @Test
    void answersAreTranslated() throws Exception {
        SyncResult result = new SyncResult(List.of(), List.of(), null, null, List.of("c1"), 7);
        URI sync = answering("sync", 200, new String(RecordJson.bytes(result), StandardCharsets.UTF_8));
        URI refusing = answering("refusing", 403, "{\"error\":\"FORBIDDEN\",\"message\":\"blocked\"}");
        try (SyncApis syncs = apis(sync);
                SyncApis refusals = apis(refusing)) {
            assertThat(new RemoteSync(syncs).answer(ALICE, JsonNodeFactory.instance.objectNode(), 1_000))
                    .isEqualTo(new SyncQuery.Result(result));
            assertThat(new RemotePeople(refusals).typingAudience(ALICE, new ConversationKey("shop", "c1"), 10))
                    .isEqualTo(new PeopleQuery.Refused(ErrorCode.FORBIDDEN, "blocked"));
        }
    }

    private static SyncApis apis(URI... urls) {
        return new SyncApis(new SyncApisConfig(List.of(urls), new Secret(SECRET), Duration.ofSeconds(4), 10, 1 << 20));
    }

    private URI answering(String name, int status, String body) throws IOException {
        HttpServer server = server();
        server.createContext("/", exchange -> {
            asked.add(name + " " + exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        return start(server);
    }

    /// Sends the head and half of a body of so many bytes, if any, and then nothing.
    private URI waiting(int bodyBytes) throws IOException {
        HttpServer server = server();
        server.createContext("/", exchange -> {
            try {
                if (bodyBytes > 0) {
                    exchange.sendResponseHeaders(200, bodyBytes);
                    exchange.getResponseBody().write(new byte[bodyBytes / 2]);
                    exchange.getResponseBody().flush();
                }
                assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        return start(server);
    }

    private HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        servers.add(server);
        return server;
    }

    private static URI start(HttpServer server) {
        server.start();
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }
}
