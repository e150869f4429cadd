package chat.milena.bench.client;

/// Something the user can put right; its message is one line for them, and no stack trace helps.
public final class UsageFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageFailure(String message) {
        super(message);
    }
}
