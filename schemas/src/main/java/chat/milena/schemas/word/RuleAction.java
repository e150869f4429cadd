package chat.milena.schemas.word;

/// What a rule of moderation does with a message.
public enum RuleAction implements Word {
    /// Moderators are to look at it; no member is shown that.
    FLAG("flag"),
    /// It is deleted.
    REMOVE("remove");

    private final String word;

    RuleAction(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
