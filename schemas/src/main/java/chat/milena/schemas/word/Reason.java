package chat.milena.schemas.word;

/// Refusals that more than one process gives, word for word the same, so that nobody learns which rule it was.
public final class Reason {
    /// Somebody who is named may not be brought in by this asker.
    public static final String NOT_EVERYBODY = "userIds: not everybody named may be added";

    private Reason() {}
}
