package chat.milena.syncapi.read;

import java.time.Duration;

/// No view can answer in time. The request is valid; a retry may succeed.
public final class ReadsUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /// @param reason for the log, not for clients
    /// @param retryAfter when a retry makes sense
    public ReadsUnavailableException(String reason, Duration retryAfter) {
        super(reason);
        this.retryAfter = retryAfter;
    }

    /// When a retry makes sense.
    public Duration retryAfter() {
        return retryAfter;
    }
}
