package chat.milena.standalone.broker;

/// The embedded broker cannot run; the message is one line for the user.
public final class BrokerException extends Exception {
    private static final long serialVersionUID = 1L;

    public BrokerException(String message) {
        super(message);
    }

    public BrokerException(String message, Throwable cause) {
        super(message, cause);
    }
}
