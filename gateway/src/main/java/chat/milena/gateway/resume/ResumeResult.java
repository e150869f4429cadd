package chat.milena.gateway.resume;

/// The result of an attempt to resume.
enum ResumeResult {
    /// The buffer had everything that was missed.
    RECENT("recent"),
    /// Some of it was read from the log.
    LOG("log"),
    /// The token is invalid, another user's, or older than the log.
    TOKEN("token"),
    /// The log does not go back as far, or it would take too long.
    TOO_OLD("too_old"),
    /// More was missed than a gateway replays.
    TOO_MUCH("too_much"),
    /// Too many resumed at the same time, or it took too long.
    BUSY("busy"),
    /// The log could not be read.
    FAILED("failed");

    private final String word;

    ResumeResult(String word) {
        this.word = word;
    }

    /// The word in metrics.
    String word() {
        return word;
    }
}
