package chat.milena.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.runtime.lifecycle.Readiness;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xnio.channels.StreamSinkChannel;

/// Clients that go while they wait for an answer, and those that stay and send the next request.
@Timeout(30)
class ClientWatchTest {
    private static final String WAITS = "GET /waits HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String STREAM = "GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String HEALTH = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Readiness readiness = new Readiness();
    private final HttpFront front = new HttpFront(HttpConfig.of("127.0.0.1", 0), readiness, AllowedOrigins.ANY, meters);
    private final BlockingQueue<HttpServerExchange> waiting = new LinkedBlockingQueue<>();
    private final AtomicInteger ended = new AtomicInteger();

    @BeforeEach
    void start() throws IOException {
        readiness.set(Readiness.START, true, "");
        front.mount("/waits", this::hold);
        front.mount("/stream", exchange -> {
            StreamSinkChannel answer = exchange.getResponseChannel();
            answer.write(ByteBuffer.wrap("begun".getBytes(StandardCharsets.US_ASCII)));
            answer.flush();
            hold(exchange);
        });
        front.start();
    }

    @AfterEach
    void stop() {
        front.stop(Duration.ofSeconds(1));
    }

    private void hold(HttpServerExchange exchange) {
        Peer.atEnd(exchange, ended::incrementAndGet);
        exchange.dispatch(Runnable::run, () -> waiting.add(exchange));
    }

    private RawConnection sends(String request) throws IOException {
        RawConnection client = new RawConnection(front.port());
        client.send(request);
        return client;
    }

    private HttpServerExchange nextWaiting() throws InterruptedException {
        HttpServerExchange exchange = waiting.poll(10, TimeUnit.SECONDS);
        assertThat(exchange).isNotNull();
        return exchange;
    }

    private static void answer(HttpServerExchange exchange) {
        HttpAnswer.of(200, "answer".getBytes(StandardCharsets.US_ASCII)).send(exchange);
    }

    private static ConditionFactory withinASecond() {
        return await().atMost(Duration.ofSeconds(1)).pollInterval(Duration.ofMillis(10));
    }

    private void assertNoticed() {
        withinASecond().untilAsserted(() -> assertThat(ended).hasValue(1));
        withinASecond()
                .until(() -> meters.get("milena.http.connections").gauge().value() == 0);
    }

    /// How a client may go.
    enum Way {
        CLOSE {
            @Override
            void go(RawConnection client) throws IOException {
                client.close();
            }
        },
        RESET {
            @Override
            void go(RawConnection client) throws IOException {
                client.reset();
            }
        },
        END_OF_OUTPUT {
            @Override
            void go(RawConnection client) throws IOException {
                client.endOutput();
                assertThat(client.readToEnd()).isZero();
            }
        };

        abstract void go(RawConnection client) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void clientThatGoesWhileItWaitsIsNoticed(Way way) throws Exception {
        try (RawConnection client = sends(WAITS)) {
            nextWaiting();
            assertThat(ended).hasValue(0);

            way.go(client);

            assertNoticed();
        }
    }

    @Test
    void clientOfAnAnswerThatGoesOnIsNoticed() throws Exception {
        try (RawConnection client = sends(STREAM)) {
            client.readUntil("begun");
            nextWaiting();

            client.reset();

            assertNoticed();
        }
    }

    @Test
    void requestThatComesEarlyIsAnsweredInItsTurn() throws Exception {
        try (RawConnection client = sends(WAITS)) {
            HttpServerExchange first = nextWaiting();
            client.send(WAITS.substring(0, 20));
            client.send(WAITS.substring(20) + HEALTH);
            assertThat(client.isOpenAfter(Duration.ofMillis(200))).isTrue();

            answer(first);
            assertThat(client.readUntil("answer")).contains(" 200 ");
            answer(nextWaiting());
            assertThat(client.readUntil("answer")).contains(" 200 ");
            assertThat(client.readUntil("alive\n")).contains(" 200 ");

            client.send(WAITS);
            answer(nextWaiting());
            assertThat(client.readUntil("answer")).contains(" 200 ");
        }
    }

    @Test
    void clientThatGoesBehindItsNextRequestIsNoticed() throws Exception {
        try (RawConnection client = sends(WAITS + HEALTH)) {
            nextWaiting();
            client.send(HEALTH);

            client.reset();

            assertNoticed();
        }
    }

    @Test
    void answerIsNotKeptForTheNextOneThatWaits() throws Exception {
        try (RawConnection client = sends(HEALTH + WAITS)) {
            nextWaiting();

            assertThat(client.readUntil("alive\n")).contains(" 200 ");
        }
    }

    @Test
    void moreRequestsThanAreKeptAreReadLater() throws Exception {
        int many = 600;
        try (RawConnection client = sends(WAITS)) {
            HttpServerExchange first = nextWaiting();
            client.send(HEALTH.repeat(many));
            assertThat(client.isOpenAfter(Duration.ofMillis(200))).isTrue();

            answer(first);
            assertThat(client.readUntil("answer")).contains(" 200 ");
            for (int i = 0; i < many; i++) {
                assertThat(client.readUntil("alive\n")).contains(" 200 ");
            }
        }
    }
}
