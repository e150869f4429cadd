package chat.milena.syncapi.read;

/// One view of a conversation holds what another one does not hold yet: both are of the same task, and the other one
/// will in a moment.
public final class ViewBehindException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ViewBehindException(String message) {
        super(message);
    }
}
