package chat.milena.syncapi;

import chat.milena.syncapi.barrier.EndOffsets;
import chat.milena.syncapi.view.ViewCopies;
import chat.milena.syncapi.view.ViewCopy;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/// Requests the ends of the log every second, whether there are reads or not, so that readiness and the lag of the
/// views are current.
final class ViewsWatch {
    private static final Duration ASK_EVERY = Duration.ofSeconds(1);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);
    /// One request may be lost while a broker is restarted.
    private static final int UNANSWERED_MAX = 2;

    private final EndOffsets ends;
    private final ViewCopies copies;
    private final TopicPartition always;
    private final Consumer<Boolean> answering;
    private final AtomicLong lag = new AtomicLong();
    private final Thread thread = Thread.ofVirtual().name("views-watch").unstarted(this::run);
    private int unanswered;

    /// @param always requested if no partition is here
    /// @param answering called after each request with whether the brokers answer
    ViewsWatch(
            EndOffsets ends,
            ViewCopies copies,
            TopicPartition always,
            MeterRegistry meters,
            Consumer<Boolean> answering) {
        this.ends = ends;
        this.copies = copies;
        this.always = always;
        this.answering = answering;
        Gauge.builder("milena.sync.lag", lag, AtomicLong::get)
                .description("Records of the log that the views here do not show yet")
                .register(meters);
    }

    void start() {
        thread.start();
    }

    void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                ask();
                Thread.sleep(ASK_EVERY);
            }
        } catch (InterruptedException e) {
            // It stops.
        }
    }

    private void ask() throws InterruptedException {
        ViewCopy serving = copies.serving().orElse(null);
        Set<TopicPartition> shown = serving == null ? Set.of() : serving.assigned();
        Set<TopicPartition> asked = new HashSet<>(shown);
        asked.add(always);
        try {
            Map<TopicPartition, Long> log = ends.of(asked).get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            log.keySet().retainAll(shown);
            lag.set(serving == null ? 0 : serving.progress().lag(log));
            unanswered = 0;
        } catch (ExecutionException | TimeoutException e) {
            unanswered++;
        }
        answering.accept(unanswered < UNANSWERED_MAX);
    }
}
