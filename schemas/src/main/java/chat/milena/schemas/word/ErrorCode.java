package chat.milena.schemas.word;

/// The error codes of the protocol; each is its own word. docs/protocol.md takes its table from these comments.
public enum ErrorCode implements Word {
    /// A field of a message is missing or wrong.
    INVALID_MESSAGE,
    /// Another field of a frame or a call is missing or wrong. Also for an unknown path (404) and a wrong method
    /// (405, with `Allow`).
    INVALID_REQUEST,
    /// The token is missing, bad or expired, or its device was signed out; the body has a `reason`, like a WebSocket
    /// that is closed with 4401.
    UNAUTHORIZED,
    /// The user is not a member of this group (any longer or yet), or the rules of the group or the tenant forbid
    /// it. Also for a call from a website that the tenant does not name.
    FORBIDDEN,
    /// The conversation does not exist, belongs to another tenant, or is a direct conversation of others: all
    /// answered alike.
    CONVERSATION_NOT_FOUND,
    /// No message that a receipt names is in the conversation; or the message to change or quote is unknown,
    /// expired or deleted.
    MESSAGE_NOT_FOUND,
    /// This `messageId` was accepted before; the body has the first numbers.
    DUPLICATE_MESSAGE,
    /// The message has another `revision`, or the browser subscribed with another key; the answer names the present
    /// one.
    CONFLICT,
    /// This `Idempotency-Key` made another group before.
    IDEMPOTENCY_MISMATCH,
    /// A limit of size is exceeded.
    TOO_LARGE,
    /// A limit of rate is exceeded: `retryAfter` in whole seconds, `limit` in words, and `Retry-After` in the
    /// header.
    RATE_LIMITED,
    /// The log cannot answer now, and the outcome is unknown: it is safe to send the same call or `messageId`
    /// again (a new group only with an `Idempotency-Key`). Also while the disk of the server is nearly full: then
    /// nothing was done, and reads continue.
    UNAVAILABLE;

    @Override
    public String word() {
        return name();
    }
}
