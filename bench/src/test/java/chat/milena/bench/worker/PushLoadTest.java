package chat.milena.bench.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.bench.FakeServer;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.load.LoadSettings;
import chat.milena.bench.report.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PushLoadTest {
    private static final Duration HOLD = Duration.ofMillis(50);

    private final FakeServer server = new FakeServer();
    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    /// Those that a push is on its way to.
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private volatile boolean pushesToAll;
    private volatile boolean forgetsOne;

    @BeforeEach
    void push() {
        server.push = (endpoint, connected) -> {
            boolean isForgotten = forgetsOne && endpoint.endsWith("/away/0");
            if ((pushesToAll || !connected) && !isForgotten && held.add(endpoint)) {
                threads.execute(() -> send(endpoint));
            }
        };
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        http.shutdownNow();
        server.close();
    }

    /// One push for all that came in the hold, again until it is accepted.
    private void send(String endpoint) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint))
                .timeout(Duration.ofMillis(300))
                .POST(BodyPublishers.ofString("sealed"))
                .build();
        try {
            Thread.sleep(HOLD);
            held.remove(endpoint);
            while (!isAccepted(request)) {
                Thread.sleep(HOLD);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isAccepted(HttpRequest request) throws InterruptedException {
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 201;
        } catch (IOException e) {
            return false;
        }
    }

    private PushLoadResult run(@Nullable Long serverPid) throws InterruptedException {
        return PushLoad.run(
                new PushSettings(20, 200, 50, Duration.ofMillis(700), Duration.ofSeconds(1), 0),
                new LoadSettings(
                        server.url(),
                        FakeServer.tokens(),
                        Duration.ofMillis(100),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(500),
                        20,
                        500,
                        1,
                        serverPid),
                Clock.systemUTC(),
                new Progress(new PrintStream(OutputStream.nullOutputStream()), false));
    }

    @Test
    void everybodyWhoIsAwayIsNotifiedAndNobodyElse() throws InterruptedException {
        PushLoadResult result = run(ProcessHandle.current().pid());

        assertThat(result.phases().without().accepted()).isZero();
        assertThat(result.phases().withoutAgain().accepted()).isZero();
        assertThat(result.phases().pushing().accepted()).isPositive();
        assertThat(result.phases().pushing().age().p50Ms()).isBetween(50.0, 1_000.0);
        assertThat(result.phases().pushing().present().delivered()).isEqualTo(50);
        assertThat(result.phases().pushing().away().acked()).isEqualTo(50);
        assertThat(result.phases().stalled().accepted()).isZero();
        assertThat(result.catchUp().attempts()).isPositive();
        assertThat(result.catchUp().seconds()).isBetween(0.0, 2.0);
        assertThat(result.catchUp().age().maxMs()).isGreaterThan(300);
        assertThat(result.phases().after().age().count()).isPositive();
        assertThat(result.memory()).hasSize(4);
        assertThat(result.notices()).isEmpty();
        assertThat(result.clean()).isTrue();
        assertThat(server.endpoints).as("registrations end").isEmpty();
        assertThat(printed(result)).contains("pushed although connected: 0; not notified in the end: 0");
    }

    private static String printed(PushLoadResult result) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new PushPrinter(new PrintStream(out, true, StandardCharsets.UTF_8)).print(result);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void pushToAConnectedUserIsReported() throws InterruptedException {
        pushesToAll = true;

        PushLoadResult result = run(null);

        assertThat(result.wronglyPushed()).isPositive();
        assertThat(result.clean()).isFalse();
    }

    @Test
    void userWhoIsNeverNotifiedIsReported() throws InterruptedException {
        forgetsOne = true;

        PushLoadResult result = run(null);

        assertThat(result.forgotten()).isEqualTo(1);
        assertThat(result.catchUp().seconds()).isNaN();
        assertThat(result.clean()).isFalse();
    }

    @Test
    void settingsThatLeaveNobodyAreRefused() {
        for (int percent : new int[] {0, 1, 100}) {
            assertThatThrownBy(() -> new PushSettings(20, 100, percent, Duration.ofSeconds(1), Duration.ZERO, 0))
                    .isInstanceOf(UsageFailure.class)
                    .hasMessageContaining("--away");
        }
    }
}
