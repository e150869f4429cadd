package chat.milena.schemas.word;

/// What became of an intent of push.
public enum PushOutcome implements Word {
    ACCEPTED("accepted"),
    CANCELLED("cancelled"),
    REFUSED("refused"),
    GONE("gone"),
    RETRY("retry");

    private final String word;

    PushOutcome(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
