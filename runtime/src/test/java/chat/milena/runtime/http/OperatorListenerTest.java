package chat.milena.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.runtime.http.OperatorListener.Answer;
import chat.milena.runtime.http.OperatorListener.Calls;
import chat.milena.runtime.lifecycle.Readiness;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OperatorListenerTest {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Readiness readiness = new Readiness();

    private static RawConnection asked(OperatorListener listener, String path) throws Exception {
        RawConnection client = new RawConnection(listener.port());
        client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        return client;
    }

    @Test
    void metricsAndReasonsAreServedBeforeAnythingIsReady() throws Exception {
        readiness.set("sequencer", false, "taking over partitions");
        OperatorListener listener = new OperatorListener("127.0.0.1", 0, readiness, () -> "some metrics", Calls.NONE);
        listener.start();
        try (RawConnection metrics = asked(listener, "/metrics");
                RawConnection ready = asked(listener, "/readyz")) {
            assertThat(metrics.readUntil("some metrics\n")).contains(" 200 ");
            assertThat(ready.readUntil("sequencer: taking over partitions\n")).contains(" 503 ");
        } finally {
            listener.stop(SOON);
        }
    }

    @Test
    void slowScrapesKeepNobodyElseWaitingAndComeOneAtATime() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger atOnceMax = new AtomicInteger();
        OperatorListener slow = new OperatorListener(
                "127.0.0.1",
                0,
                readiness,
                () -> {
                    atOnceMax.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                    awaitRelease(released);
                    atOnce.decrementAndGet();
                    return "slow metrics";
                },
                Calls.NONE);
        slow.start();
        List<RawConnection> scrapers = new ArrayList<>();
        try {
            for (int i = 0; i < 17; i++) {
                scrapers.add(asked(slow, "/metrics"));
                int waiting = i + 1;
                await().until(() -> slow.scrapesUnderWay() == waiting);
            }

            assertThat(asked(slow, "/metrics").readUntil("\r\n\r\n")).contains(" 503 ");
            assertThat(asked(slow, "/healthz").readUntil("alive\n")).contains(" 200 ");
            released.countDown();
            for (RawConnection scraper : scrapers) {
                assertThat(scraper.readUntil("slow metrics\n")).contains(" 200 ");
            }
            assertThat(atOnceMax).hasValue(1);
        } finally {
            released.countDown();
            for (RawConnection scraper : scrapers) {
                scraper.close();
            }
            slow.stop(SOON);
        }
    }

    @Test
    void furtherCallsGetTheirBodyAndOtherPathsAreNotFound() throws Exception {
        OperatorListener listener = new OperatorListener("127.0.0.1", 0, readiness, () -> "", (method, path, body) -> {
            // A body may be work, which is none for an I/O thread.
            boolean isApart = Thread.currentThread().isVirtual();
            String echo = method + " " + path + " " + new String(body, StandardCharsets.UTF_8) + " " + isApart + "!";
            return path.equals("/echo") ? new Answer(202, "text/x", echo) : null;
        });
        listener.start();
        try (RawConnection echo = new RawConnection(listener.port());
                RawConnection large = new RawConnection(listener.port());
                RawConnection unknown = asked(listener, "/nowhere")) {
            echo.send("POST /echo?x=1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi");
            large.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000\r\n\r\n");
            assertThat(echo.readUntil("POST /echo hi true!")).contains(" 202 ", "text/x");
            assertThat(large.readUntil("\r\n\r\n")).contains(" 413 ");
            assertThat(unknown.readUntil("no such path\n")).contains(" 404 ");
        } finally {
            listener.stop(SOON);
        }
    }

    private static void awaitRelease(CountDownLatch released) {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
