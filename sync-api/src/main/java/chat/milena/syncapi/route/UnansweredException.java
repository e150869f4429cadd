package chat.milena.syncapi.route;

/// An instance has no answer now: the task is not there, not restored, not as far as it must be, or the instance cannot
/// be reached. Another one may have it, or the same one later.
final class UnansweredException extends Exception {
    private static final long serialVersionUID = 1L;

    UnansweredException(String message) {
        super(message);
    }
}
