package chat.milena.schemas.word;

/// Reasons of rejections that several processes give, word for word the same, so that nobody learns which rule it
/// was.
public final class Reason {
    /// One of the named users may not be added by this caller.
    public static final String NOT_EVERYBODY = "userIds: not everybody named may be added";

    private Reason() {}
}
