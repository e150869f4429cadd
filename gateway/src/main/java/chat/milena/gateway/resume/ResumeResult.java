package chat.milena.gateway.resume;

/// How an attempt to go on where one was has ended.
enum ResumeResult {
    /// All that was missed was at hand.
    RECENT("recent"),
    /// Some of it was read from the log.
    LOG("log"),
    /// The token is spoiled, another user's, or older than the log.
    TOKEN("token"),
    /// The log does not go back as far, or it would take too long.
    TOO_OLD("too_old"),
    /// More was missed than a gateway brings.
    TOO_MUCH("too_much"),
    /// Too many came back at once, or it took too long.
    BUSY("busy"),
    /// The log could not be read.
    FAILED("failed");

    private final String word;

    ResumeResult(String word) {
        this.word = word;
    }

    /// As metrics name it.
    String word() {
        return word;
    }
}
