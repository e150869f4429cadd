package chat.milena.runtime.lifecycle;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;

/// The innermost cause of a failure. Libraries wrap a failure in their own; the innermost one says what is wrong.
/// Pure.
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

    /// Whether the cause is outside of the code, such as a full disk or a broker that is away. A stack trace then
    /// does not help an operator.
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
