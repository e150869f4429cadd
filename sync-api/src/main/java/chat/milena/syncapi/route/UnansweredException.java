package chat.milena.syncapi.route;

/// An instance has no answer now: the task is elsewhere, not restored or behind, or the instance cannot be
/// reached. Another instance may have the answer, or the same one later.
final class UnansweredException extends Exception {
    private static final long serialVersionUID = 1L;

    UnansweredException(String message) {
        super(message);
    }
}
