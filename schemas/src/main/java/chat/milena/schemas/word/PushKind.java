package chat.milena.schemas.word;

/// What an intent of push is about.
public enum PushKind implements Word {
    /// Messages that have come.
    MESSAGE("message"),
    /// Messages that were read elsewhere.
    READ("read"),
    /// An operator tries whether a device can be reached: whatever its user has set, and online or not.
    TEST("test");

    private final String word;

    PushKind(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
