package chat.milena.syncapi.read;

import java.time.Duration;

/// No view can answer in time. Nothing is wrong with the question; it is worth another try.
public final class ReadsUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /// @param reason for the log; clients are not told
    /// @param retryAfter when another try makes sense
    public ReadsUnavailableException(String reason, Duration retryAfter) {
        super(reason);
        this.retryAfter = retryAfter;
    }

    /// When another try makes sense.
    public Duration retryAfter() {
        return retryAfter;
    }
}
