package chat.milena.conversation.state;

/// Our own state contradicts itself. The present command is not at fault, and each further one makes it worse: the
/// task must stop.
public final class BrokenInvariantException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public BrokenInvariantException(String message) {
        super(message);
    }
}
