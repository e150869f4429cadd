package chat.milena.schemas.word;

/// What a moderator decides on a message.
public enum DecisionAction implements Word {
    REMOVE("remove"),
    DISMISS("dismiss"),
    /// The author is warned.
    WARN("warn"),
    /// The author is banned.
    BAN("ban"),
    /// A held message is shown.
    RELEASE("release"),
    /// A held message is removed.
    REJECT("reject");

    private final String word;

    DecisionAction(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
