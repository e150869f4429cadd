package chat.milena.bench.client;

/// Why a socket ended: a WebSocket close code, or 1006 if it ended or failed without one.
public record CloseReason(int code, String text) {
    public static final int NO_CLOSE_FRAME = 1006;

    /// An end without a close frame.
    public static CloseReason lost(String text) {
        return new CloseReason(NO_CLOSE_FRAME, text);
    }

    /// Codes after which a retry with the same input is useless: a bad token, or malformed frames.
    public boolean isFinal() {
        return code == 4401 || code == 4400;
    }

    @Override
    public String toString() {
        return code == NO_CLOSE_FRAME ? text : "closed with " + code + (text.isEmpty() ? "" : " " + text);
    }
}
