package chat.milena.schemas.word;

/// The two kinds of conversation.
public enum ConversationType implements Word {
    DIRECT("direct"),
    GROUP("group");

    private final String word;

    ConversationType(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
