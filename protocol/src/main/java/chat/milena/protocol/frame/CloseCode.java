package chat.milena.protocol.frame;

/// Why the gateway closes a connection; the codes of the protocol.
public enum CloseCode {
    GOODBYE(1000, "bye"),
    FRAME_TOO_LARGE(1009, "frame too large"),
    DRAINING(1012, "draining"),
    TRY_AGAIN_LATER(1013, "try again later"),
    MALFORMED_FRAMES(4400, "malformed frames"),
    TOKEN_BAD(4401, "token bad"),
    TOKEN_EXPIRED(4401, "token expired"),
    ORIGIN_REFUSED(4401, "origin"),
    SILENT(4408, "no heartbeat"),
    RATE_LIMIT_IGNORED(4429, "rate limit ignored");

    private final int code;
    private final String reason;

    CloseCode(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    /// The number on the wire.
    public int code() {
        return code;
    }

    /// A short text for the client's developer; where several reasons share a number, it tells clients which one it is.
    public String reason() {
        return reason;
    }
}
