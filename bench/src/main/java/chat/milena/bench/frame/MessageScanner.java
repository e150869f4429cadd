package chat.milena.bench.frame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads `message.new`, the frame that a load receives a hundred thousand times a second, without the cost of a
/// parser.
///
/// It knows plain JSON only. At an escape, a byte beyond ASCII, a fraction or invalid JSON it stops and leaves the
/// frame to the full parser, which then judges it. Not thread-safe.
final class MessageScanner {
    private static final int DEPTH_MAX = 8;
    private static final byte[] TYPE = ascii("type");
    private static final byte[] PAYLOAD = ascii("payload");
    private static final byte[] MESSAGE_NEW = ascii("message.new");
    private static final byte[] MESSAGE_ID = ascii("messageId");
    private static final byte[] CONVERSATION_ID = ascii("conversationId");
    private static final byte[] SENDER_ID = ascii("senderId");
    private static final byte[] SEQUENCE_NUMBER = ascii("sequenceNumber");
    private static final byte[] TIMESTAMP = ascii("timestamp");
    private static final byte[][] LITERALS = {ascii("true"), ascii("false"), ascii("null")};

    private final Words words;
    private byte[] bytes = new byte[0];
    private int at;
    private int end;
    private int from;
    private int to;
    private long number;
    private boolean isMessage;
    private @Nullable String messageId;
    private @Nullable String conversationId;
    private @Nullable String senderId;
    private long sequenceNumber;
    private long timestamp;

    MessageScanner(Words words) {
        this.words = words;
    }

    /// The message in the first `length` bytes, or null if the full parser has to read it.
    ServerFrame.@Nullable MessageNew scan(byte[] frame, int length) {
        bytes = frame;
        at = 0;
        end = length;
        isMessage = false;
        messageId = null;
        conversationId = null;
        senderId = null;
        sequenceNumber = 0;
        timestamp = 0;
        if (!object(0) || at != end || !isMessage) {
            return null;
        }
        String message = messageId;
        String conversation = conversationId;
        String sender = senderId;
        return message == null || conversation == null || sender == null || sequenceNumber < 1
                ? null
                : new ServerFrame.MessageNew(message, conversation, sender, sequenceNumber, timestamp, null);
    }

    /// The frame itself is at depth 0, its payload at 1, nested values beyond that.
    private boolean object(int depth) {
        if (depth > DEPTH_MAX || !take('{')) {
            return false;
        }
        if (take('}')) {
            return true;
        }
        do {
            if (!string()) {
                return false;
            }
            int nameFrom = from;
            int nameTo = to;
            if (!take(':') || !member(depth, nameFrom, nameTo)) {
                return false;
            }
        } while (take(','));
        return take('}');
    }

    private boolean member(int depth, int nameFrom, int nameTo) {
        if (depth == 0) {
            if (is(TYPE, nameFrom, nameTo)) {
                isMessage = string() && is(MESSAGE_NEW, from, to);
                return isMessage;
            }
            return is(PAYLOAD, nameFrom, nameTo) ? object(1) : value(1, false);
        }
        if (depth > 1) {
            return value(depth + 1, false);
        }
        if (is(MESSAGE_ID, nameFrom, nameTo)) {
            messageId = word();
            return messageId != null;
        }
        if (is(CONVERSATION_ID, nameFrom, nameTo)) {
            conversationId = word();
            return conversationId != null;
        }
        if (is(SENDER_ID, nameFrom, nameTo)) {
            senderId = word();
            return senderId != null;
        }
        if (is(SEQUENCE_NUMBER, nameFrom, nameTo)) {
            boolean read = value(2, true);
            sequenceNumber = number;
            return read;
        }
        if (is(TIMESTAMP, nameFrom, nameTo)) {
            boolean read = value(2, true);
            timestamp = number;
            return read;
        }
        return value(2, false);
    }

    private @Nullable String word() {
        return string() ? words.of(bytes, from, to) : null;
    }

    private boolean value(int depth, boolean onlyNumber) {
        if (at >= end) {
            return false;
        }
        byte first = bytes[at];
        if (first == '-' || (first >= '0' && first <= '9')) {
            return integer();
        }
        if (onlyNumber) {
            return false;
        }
        return switch (first) {
            case '"' -> string();
            // Objects below the payload are only skipped, at any depth.
            case '{' -> object(Math.max(2, depth));
            case '[' -> array(depth);
            default -> literal();
        };
    }

    private boolean array(int depth) {
        if (depth > DEPTH_MAX || !take('[')) {
            return false;
        }
        if (take(']')) {
            return true;
        }
        do {
            if (!value(depth + 1, false)) {
                return false;
            }
        } while (take(','));
        return take(']');
    }

    private boolean string() {
        if (!take('"')) {
            return false;
        }
        from = at;
        while (at < end && bytes[at] != '"') {
            if (bytes[at] < ' ' || bytes[at] == '\\') {
                return false;
            }
            at++;
        }
        to = at;
        return take('"');
    }

    /// An integer that certainly fits, without a leading zero.
    private boolean integer() {
        boolean negative = take('-');
        int first = at;
        long read = 0;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            read = read * 10 + (bytes[at] - '0');
            at++;
        }
        int digits = at - first;
        if (digits < 1 || digits > 18 || (digits > 1 && bytes[first] == '0')) {
            return false;
        }
        number = negative ? -read : read;
        // A fraction or an exponent follows: the next byte is not accepted as the end of the value.
        return true;
    }

    private boolean literal() {
        for (byte[] literal : LITERALS) {
            int after = at + literal.length;
            if (after <= end && is(literal, at, after)) {
                at = after;
                return true;
            }
        }
        return false;
    }

    private boolean take(char wanted) {
        if (at < end && bytes[at] == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private boolean is(byte[] wanted, int start, int stop) {
        return Arrays.equals(wanted, 0, wanted.length, bytes, start, stop);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
