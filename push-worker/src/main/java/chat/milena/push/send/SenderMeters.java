package chat.milena.push.send;

import chat.milena.schemas.word.PushPlatform;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;

/// What the sender of a platform counts. Safe for all threads.
final class SenderMeters {
    private static final Duration[] BUCKETS = {
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(3),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(2),
        Duration.ofMinutes(10),
        Duration.ofHours(1)
    };

    private final MeterRegistry meters;
    private final String platform;
    private final Timer age;
    private final Counter factsUnavailable;

    SenderMeters(MeterRegistry meters, PushPlatform platform) {
        this.meters = meters;
        this.platform = platform.word();
        this.age = Timer.builder("milena.push.age")
                .description("From the oldest message of a notification until a provider accepted it")
                .tag("platform", this.platform)
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
        this.factsUnavailable = Counter.builder("milena.push.facts.unavailable")
                .description("Questions to the query side that were not answered, and repeated")
                .tag("platform", this.platform)
                .register(meters);
    }

    /// @param backlog intents that have no result yet
    void backlog(Supplier<Number> backlog) {
        Gauge.builder("milena.push.backlog", backlog)
                .description("Intents of all platforms that this platform's sender has not read, and its own without"
                        + " a result")
                .tag("platform", platform)
                .register(meters);
    }

    /// @param reason empty for none
    void result(String outcome, String reason) {
        Counter.builder("milena.push.results")
                .description("Results of intents, with the reason")
                .tag("platform", platform)
                .tag("outcome", outcome)
                .tag("reason", reason)
                .register(meters)
                .increment();
    }

    void accepted(Duration old) {
        age.record(old.isNegative() ? Duration.ZERO : old);
    }

    void factsUnavailable() {
        factsUnavailable.increment();
    }
}
