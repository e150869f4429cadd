package chat.milena.schemas.word;

/// The error codes that a client may meet; each is its own word.
public enum ErrorCode implements Word {
    /// A field of a message is missing or wrong.
    INVALID_MESSAGE,
    /// Anything else in a frame or a call is missing or wrong.
    INVALID_REQUEST,
    /// The token is missing, bad or expired.
    UNAUTHORIZED,
    /// Not a member, or the group's rules say no.
    FORBIDDEN,
    /// No such conversation for this user; also said of another tenant's.
    CONVERSATION_NOT_FOUND,
    /// No such message for this user.
    MESSAGE_NOT_FOUND,
    /// The messageId was accepted before.
    DUPLICATE_MESSAGE,
    /// What was to be changed is not as the asker took it to be.
    CONFLICT,
    /// The Idempotency-Key was used before for another request.
    IDEMPOTENCY_MISMATCH,
    /// Over a limit of size.
    TOO_LARGE,
    /// Over a limit of rate.
    RATE_LIMITED,
    /// The log or a store cannot answer now; safe to retry.
    UNAVAILABLE;

    @Override
    public String word() {
        return name();
    }
}
