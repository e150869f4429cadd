package chat.milena.bench.check;

/// The state of a connection in a conversation.
record Standing(boolean begun, boolean fresh, boolean outside, boolean joining) {
    static final Standing NEW = new Standing(false, false, false, false);

    Standing withJoining(boolean now) {
        return new Standing(begun, fresh, outside, now);
    }
}
