package chat.milena.push.courier;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The result of one attempt. Reasons are fixed words, such as `unreachable`: they are labels of metrics, and never
/// hold what the other side wrote.
public sealed interface Verdict {
    /// A word for it: `accepted`, `gone`, `refused` or `retry`.
    default String outcome() {
        return switch (this) {
            case Accepted() -> "accepted";
            case Gone _ -> "gone";
            case Refused _ -> "refused";
            case Retry _ -> "retry";
        };
    }

    /// Why it was not accepted; empty if it was.
    default String reason() {
        return "";
    }

    /// The other side has taken it.
    record Accepted() implements Verdict {}

    /// The destination exists no longer.
    ///
    /// @param since when it ended, as the other side says; null if it does not say, which means now. A destination
    ///     that was registered later is another one and stays.
    record Gone(@Nullable Instant since) implements Verdict {
        @Override
        public String reason() {
            return "gone";
        }
    }

    /// The other side will never take it.
    record Refused(String reason) implements Verdict {}

    /// It may be attempted again.
    ///
    /// @param notBefore the earliest moment that makes sense; null if [Backoff] alone decides
    record Retry(String reason, @Nullable Instant notBefore) implements Verdict {
        public Retry(String reason) {
            this(reason, null);
        }
    }
}
