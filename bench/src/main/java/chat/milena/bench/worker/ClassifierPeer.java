package chat.milena.bench.worker;

import chat.milena.bench.report.Latencies;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The classifier of a tenant, on this machine: flags spam, and passes the rest. Safe for all threads.
///
/// It answers each question after the same time, or never.
final class ClassifierPeer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BODY_BYTES_MAX = 64 << 10;

    private final LocalPeer http;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Predicate<String> isSpam;
    private final @Nullable Duration delay;
    private final Clock clock;
    private final Latencies age = new Latencies();

    /// @param port of this machine; 0 for a free one
    /// @param delay of each answer; null to answer never
    /// @param isSpam whether the message of an id was planted
    ClassifierPeer(int port, @Nullable Duration delay, Predicate<String> isSpam, Clock clock) {
        this.delay = delay;
        this.isSpam = isSpam;
        this.clock = clock;
        this.http = new LocalPeer("--classifier-port", port, this::handle);
    }

    int port() {
        return http.port();
    }

    /// From the time of a message until its question came, by the clock of this machine.
    Latencies age() {
        return age;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode data = JSON.readTree(exchange.getRequestBody().readNBytes(BODY_BYTES_MAX))
                    .path("data");
            age.record(TimeUnit.MILLISECONDS.toNanos(
                    clock.millis() - data.path("sentAt").asLong()));
            if (delay == null) {
                closed.await();
                return;
            }
            if (closed.await(delay.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
            String action = isSpam.test(data.path("messageId").asText()) ? "flag" : "pass";
            byte[] answer = ("{\"action\":\"" + action + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        http.close();
    }
}
