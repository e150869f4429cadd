package chat.milena.conversation.state;

/// Our own state contradicts itself. Not the fault of the command at hand, and worse with each one that follows: the
/// task must stop.
public final class BrokenInvariantException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public BrokenInvariantException(String message) {
        super(message);
    }
}
