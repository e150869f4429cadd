package chat.milena.schemas.word;

/// What a rule of moderation looks for.
public enum RuleKind implements Word {
    /// Words of a list.
    WORDS("words"),
    /// A pattern, in the language of RE2.
    PATTERN("pattern"),
    /// A link in the text.
    LINKS("links"),
    /// Many messages of one user within a time.
    FLOOD("flood"),
    /// The same content of one user again and again within a time.
    REPEATS("repeats");

    private final String word;

    RuleKind(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
