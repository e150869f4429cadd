package chat.milena.bench.client;

import java.util.UUID;

/// Version-4 UUIDs whose last 12 hex digits count the sends of a run, so that each id identifies its send.
public final class MessageIds {
    private static final int DIGITS_AT = 24;
    private static final int LENGTH = 36;

    private final String prefix;

    public MessageIds(UUID run) {
        this.prefix = run.toString().substring(0, DIGITS_AT);
    }

    public String of(long index) {
        String digits = Long.toHexString(index);
        return prefix + "0".repeat(LENGTH - DIGITS_AT - digits.length()) + digits;
    }

    /// The index of an id made here, or -1 for any other.
    public long indexOf(String messageId) {
        if (messageId.length() != LENGTH || !messageId.startsWith(prefix)) {
            return -1;
        }
        try {
            return Long.parseLong(messageId, DIGITS_AT, LENGTH, 16);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
