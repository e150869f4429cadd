package chat.milena.runtime.kafka;

/// Topics that cannot be used as they are, or could not be made. The message is for an operator and names all of
/// them.
public final class TopicException extends Exception {
    private static final long serialVersionUID = 1L;

    public TopicException(String message) {
        super(message);
    }

    public TopicException(String message, Throwable cause) {
        super(message, cause);
    }
}
