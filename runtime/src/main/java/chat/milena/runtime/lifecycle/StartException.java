package chat.milena.runtime.lifecycle;

/// A component could not be started; those started before it are stopped again. The message is one line for an
/// operator.
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
