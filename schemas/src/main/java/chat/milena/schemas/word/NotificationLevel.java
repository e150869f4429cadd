package chat.milena.schemas.word;

/// What a user is notified of by push.
public enum NotificationLevel implements Word {
    ALL("all"),
    MENTIONS("mentions"),
    NONE("none");

    private final String word;

    NotificationLevel(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
