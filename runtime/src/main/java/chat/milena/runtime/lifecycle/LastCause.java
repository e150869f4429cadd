package chat.milena.runtime.lifecycle;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;

/// What is at the bottom of a failure. Libraries wrap what happened in what they were doing; the innermost cause says
/// what is wrong. Pure.
public final class LastCause {
    /// Deeper than any chain of causes that ends.
    private static final int DEPTH_MAX = 100;

    private static final int CHARACTERS_MAX = 300;

    private LastCause() {}

    /// One line that says what is wrong.
    public static String text(Throwable failure) {
        Throwable last = of(failure);
        String message = last.getMessage();
        String line = message == null || message.isBlank()
                ? last.getClass().getSimpleName()
                : message.strip().lines().findFirst().orElse("");
        return line.length() <= CHARACTERS_MAX ? line : line.substring(0, CHARACTERS_MAX) + "…";
    }

    /// Whether it comes from outside, as a full disk or a broker that is away, so that where in the code it was met
    /// tells an operator nothing.
    public static boolean isFromOutside(Throwable failure) {
        return switch (of(failure)) {
            case IOException _, TimeoutException _, KafkaException _, InterruptedException _ -> true;
            default -> false;
        };
    }

    private static Throwable of(Throwable failure) {
        Throwable last = failure;
        for (int depth = 0; depth < DEPTH_MAX; depth++) {
            Throwable cause = last.getCause();
            if (cause == null) {
                return last;
            }
            last = cause;
        }
        return last;
    }
}
