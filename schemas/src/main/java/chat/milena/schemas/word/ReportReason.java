package chat.milena.schemas.word;

/// What a message is reported for.
public enum ReportReason implements Word {
    SPAM("spam"),
    ABUSE("abuse"),
    VIOLENCE("violence"),
    ILLEGAL("illegal"),
    OTHER("other");

    private final String word;

    ReportReason(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
