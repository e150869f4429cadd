package chat.milena.runtime.token;

/// A token cannot be judged now, since the keys that it may be signed with cannot be had: neither good nor bad, and
/// worth another try. The message holds nothing of the token.
public final class TokenKeysUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TokenKeysUnavailableException(String reason) {
        super(reason);
    }
}
