package chat.milena.gateway.edge;

/// A client cannot be admitted now; it holds nothing.
final class NoPlaceException extends Exception {
    private static final long serialVersionUID = 1L;

    NoPlaceException(String reason) {
        super(reason, null, false, false);
    }
}
