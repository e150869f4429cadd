package chat.milena.runtime.lifecycle;

/// A component that could not be started; what had been started before it is stopped again. The message is one line
/// for an operator.
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
