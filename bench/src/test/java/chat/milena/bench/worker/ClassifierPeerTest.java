package chat.milena.bench.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.call.RestClient;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ClassifierPeerTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Clock LATER = Clock.fixed(NOON.plusMillis(20), ZoneOffset.UTC);

    private final HttpClient http = HttpClient.newHttpClient();

    private CompletableFuture<String> ask(ClassifierPeer peer, String messageId) {
        String question = "{\"data\":{\"messageId\":\"" + messageId + "\",\"sentAt\":" + NOON.toEpochMilli() + "}}";
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + peer.port() + "/"))
                .POST(BodyPublishers.ofString(question))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString()).thenApply(HttpResponse::body);
    }

    @Test
    void plantedSpamIsFlaggedAndTheAgeOfEachQuestionIsMeasured() {
        try (ClassifierPeer peer = new ClassifierPeer(0, Duration.ofMillis(1), "spam"::equals, LATER)) {
            assertThat(ask(peer, "spam").join()).isEqualTo("{\"action\":\"flag\"}");
            assertThat(ask(peer, "talk").join()).isEqualTo("{\"action\":\"pass\"}");
            assertThat(peer.age().summary().count()).isEqualTo(2);
            assertThat(peer.age().summary().maxMs()).isBetween(19.9, 20.1);
        }
    }

    @Test
    void silentOneTakesQuestionsAndAnswersNone() {
        CompletableFuture<String> answer;
        try (ClassifierPeer peer = new ClassifierPeer(0, null, "spam"::equals, LATER)) {
            answer = ask(peer, "spam");
            await().until(() -> peer.age().summary().count() == 1);
            assertThat(answer).isNotDone();
        }
        await().until(answer::isCompletedExceptionally);
    }

    @Test
    void flagsOfThisRunAreFoundInAllPagesOfTheQueue() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/moderation/reports", exchange -> {
            boolean first = !exchange.getRequestURI().getRawQuery().contains("cursor=a%2Fb");
            String page = first
                    ? "{\"reports\":[" + row("0", "classifier", null, 100) + "," + row("1", "classifier", null, 30)
                            + ","
                            + row("2", "links", null, 1) + "," + row("other", "classifier", null, 1)
                            + "],\"nextCursor\":\"a/b\"}"
                    : "{\"reports\":[" + row("4", "classifier", null, 40) + ","
                            + row("5", "classifier", "unanswered", 50) + "]}";
            byte[] answer = page.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            try (var out = exchange.getResponseBody()) {
                out.write(answer);
            }
        });
        server.start();
        try (RestClient rest = new RestClient(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                userId -> "token",
                Duration.ofSeconds(5))) {
            FlagQueue queue =
                    new FlagQueue(rest, id -> id.equals("other") ? -1 : Long.parseLong(id), number -> number % 2 == 0);

            FlagQueue.Flags flags = queue.read(NOON.plusMillis(1));

            assertThat(flags.caught()).isEqualTo(2);
            assertThat(flags.mistaken()).isEqualTo(1);
            assertThat(flags.unanswered()).isEqualTo(1);
            assertThat(flags.flag().count()).as("the first is of before").isEqualTo(3);
            assertThat(flags.flag().maxMs()).isBetween(49.9, 50.1);
        } finally {
            server.stop(0);
        }
    }

    /// Each message is as many milliseconds after noon as its id says.
    private static String row(String messageId, String rule, @Nullable String label, int ageMillis) {
        long written = NOON.toEpochMilli() + (messageId.equals("other") ? 0 : Long.parseLong(messageId));
        String named = label == null ? "" : ",\"label\":\"" + label + "\"";
        return "{\"messageId\":\"" + messageId + "\",\"flags\":[{\"rule\":\"" + rule + "\"" + named + ",\"timestamp\":"
                + (written + ageMillis) + "}],\"evidence\":{\"timestamp\":" + written + "}}";
    }
}
