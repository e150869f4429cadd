package chat.milena.bench.client;

/// A mistake that the user can correct. Its message is one line for the user, without a stack trace.
public final class UsageFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageFailure(String message) {
        super(message);
    }
}
