package chat.milena.schemas.word;

/// The status of a command.
public enum OutcomeStatus implements Word {
    ACCEPTED("accepted"),
    DUPLICATE("duplicate"),
    REJECTED("rejected");

    private final String word;

    OutcomeStatus(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
