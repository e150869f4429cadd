package chat.milena.syncapi.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.undertow.util.StatusCodes;
import java.time.Duration;
import java.util.function.Supplier;

/// Times calls that read, by call and status: `milena.sync.requests`. Safe for all threads.
final class CallMeters {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    private final MeterRegistry meters;

    CallMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    <T extends Record> CallAnswer<T> timed(String call, Supplier<CallAnswer<T>> action) {
        Timer.Sample sample = Timer.start(meters);
        int status = StatusCodes.SERVICE_UNAVAILABLE;
        try {
            CallAnswer<T> answer = action.get();
            status = answer.status();
            return answer;
        } finally {
            sample.stop(Timer.builder("milena.sync.requests")
                    .description("Calls that read")
                    .tag("call", call)
                    .tag("status", Integer.toString(status))
                    .serviceLevelObjectives(BUCKETS)
                    .register(meters));
        }
    }
}
