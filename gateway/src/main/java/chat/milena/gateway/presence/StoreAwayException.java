package chat.milena.gateway.presence;

/// Redis does not answer, or not as it should. Nothing that lasts depends on it.
final class StoreAwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreAwayException(String message, Throwable cause) {
        super(message, cause);
    }

    StoreAwayException(String message) {
        super(message);
    }
}
