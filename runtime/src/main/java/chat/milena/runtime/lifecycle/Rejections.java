package chat.milena.runtime.lifecycle;

import chat.milena.schemas.word.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/// Counts the errors that clients are answered with, by code. Safe for all threads.
public final class Rejections {
    private final Map<ErrorCode, Counter> byCode = new EnumMap<>(ErrorCode.class);

    /// @param answered what is answered with an error: `frame` or `call`
    public Rejections(MeterRegistry meters, String answered) {
        for (ErrorCode code : ErrorCode.values()) {
            byCode.put(
                    code,
                    Counter.builder("milena.rejections")
                            .description("Errors that clients were answered with")
                            .tag("answered", answered)
                            .tag("code", code.word())
                            .register(meters));
        }
    }

    public void count(ErrorCode code) {
        Counter counter = byCode.get(code);
        if (counter != null) {
            counter.increment();
        }
    }
}
