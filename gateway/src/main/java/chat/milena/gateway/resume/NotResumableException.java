package chat.milena.gateway.resume;

/// Why a client cannot resume and must sync.
final class NotResumableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ResumeResult result;

    NotResumableException(ResumeResult result) {
        // Nothing is broken, so a stack trace is of no use.
        super(result.word(), null, false, false);
        this.result = result;
    }

    ResumeResult result() {
        return result;
    }
}
