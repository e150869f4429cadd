package chat.milena.runtime.token;

/// A token that did prove who its bearer is, until its time was over.
public final class ExpiredTokenException extends InvalidTokenException {
    private static final long serialVersionUID = 1L;

    public ExpiredTokenException() {
        super("token has expired");
    }
}
