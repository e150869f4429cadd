package chat.milena.gateway.resume;

/// Why a client cannot go on where it was, and must sync.
final class NotResumableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ResumeResult result;

    NotResumableException(ResumeResult result) {
        // Nothing is broken, so where it was found does not matter.
        super(result.word(), null, false, false);
        this.result = result;
    }

    ResumeResult result() {
        return result;
    }
}
