package chat.milena.runtime.token;

/// A token that does not prove who its bearer is. The message gives the reason and holds nothing of the token, so
/// it may be logged and sent to the client.
public class InvalidTokenException extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidTokenException(String reason) {
        super(reason);
    }
}
