package chat.milena.schemas.word;

/// What a notification shows of a message, the strictest last.
public enum PushPreview implements Word {
    /// Its sender and its text.
    FULL("full"),
    /// Its sender.
    SENDER("sender"),
    /// Nothing of it.
    NONE("none");

    private final String word;

    PushPreview(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
