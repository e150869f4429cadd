package chat.milena.runtime.token;

/// A token cannot be judged now, since its keys are not available: it is neither good nor bad, and a retry may
/// succeed. The message holds nothing of the token.
public final class TokenKeysUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TokenKeysUnavailableException(String reason) {
        super(reason);
    }
}
