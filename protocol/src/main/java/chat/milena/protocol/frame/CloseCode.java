package chat.milena.protocol.frame;

/// Why the gateway closes a connection. docs/protocol.md takes its table from these comments: the meaning, then
/// what a client does.
public enum CloseCode {
    /// The connection ends normally.
    ///
    /// Nothing.
    GOODBYE(1000, "bye"),
    /// A text frame was not UTF-8. The WebSocket library sends it, with a reason of its own.
    ///
    /// Fix the client.
    NOT_UTF8(1007, ""),
    /// A frame was too large.
    ///
    /// Fix the client.
    FRAME_TOO_LARGE(1009, "frame too large"),
    /// The server drains.
    ///
    /// Reconnect after `reconnectAfterMs`.
    DRAINING(1012, "draining"),
    /// The client reads too slowly, the gateway is full, the user or tenant has too many connections, or the keys
    /// of tokens cannot be fetched.
    ///
    /// Reconnect with a growing delay.
    TRY_AGAIN_LATER(1013, "try again later"),
    /// More than 10 malformed frames in a minute (not JSON, no `type`, binary), or a frame that was incomplete 30
    /// seconds after its header.
    ///
    /// Fix the client.
    MALFORMED_FRAMES(4400, "malformed frames"),
    /// The token is bad or missing.
    ///
    /// Get a new token.
    TOKEN_BAD(4401, "token bad"),
    /// The token has expired.
    ///
    /// Get a new token.
    TOKEN_EXPIRED(4401, "token expired"),
    /// The tenant does not name the website.
    ///
    /// Stop.
    ORIGIN_REFUSED(4401, "origin"),
    /// The device was signed out, and the token is not younger than that.
    ///
    /// Stop, delete what it has of the user, and say so.
    SIGNED_OUT(4401, "signed out"),
    /// The client sent nothing for 90 seconds.
    ///
    /// Reconnect.
    SILENT(4408, "no heartbeat"),
    /// More than 100 frames in a minute were rejected for their rate.
    ///
    /// Reconnect and send less.
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

    /// A short text for developers of clients. If several reasons share a number, clients tell them apart by it.
    public String reason() {
        return reason;
    }
}
