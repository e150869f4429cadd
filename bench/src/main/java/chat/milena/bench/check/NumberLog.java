package chat.milena.bench.check;

import java.util.Arrays;

/// The message and time of each number of one conversation, as all connections together received them.
///
/// Ids are kept as 64-bit fingerprints, 40 bytes a message in all. Numbers above [#NUMBERS_MAX] are not kept: they
/// are checked for order at each connection but not compared between connections. Thread-safe.
final class NumberLog {
    static final int NUMBERS_MAX = 1 << 24;

    /// Stands for every change. A message with this fingerprint would be reported, once in 2^64.
    private static final long CHANGE = -1;

    /// How a received number agrees with earlier ones.
    enum Verdict {
        AGREES,
        WRONG_NUMBER,
        WRONG_TIME
    }

    private final String conversationId;
    private long[] idByNumber = new long[16];
    private long[] timeByNumber = new long[16];
    private long[] idTable = new long[32];
    private int[] numberTable = new int[32];
    private int known;
    private long highest;
    private volatile boolean large;

    NumberLog(String conversationId) {
        this.conversationId = conversationId;
    }

    String conversationId() {
        return conversationId;
    }

    /// It is of a large group: reactions are gathered, and may come after higher numbers; the ack of a resent message
    /// may come before the first one.
    void isOfLargeGroup() {
        large = true;
    }

    boolean isLarge() {
        return large;
    }

    synchronized long highest() {
        return highest;
    }

    /// The number of a change, such as the creation of the conversation; it has no time here.
    synchronized Verdict sawChange(long number) {
        highest = Math.max(highest, number);
        if (number >= NUMBERS_MAX) {
            return Verdict.AGREES;
        }
        int index = (int) number;
        grow(index);
        if (idByNumber[index] == 0) {
            idByNumber[index] = CHANGE;
        }
        return idByNumber[index] == CHANGE ? Verdict.AGREES : Verdict.WRONG_NUMBER;
    }

    synchronized Verdict saw(long number, String messageId, long timestamp) {
        highest = Math.max(highest, number);
        if (number >= NUMBERS_MAX) {
            return Verdict.AGREES;
        }
        int index = (int) number;
        grow(index);
        long id = fingerprint(messageId);
        if (idByNumber[index] == id) {
            return timeByNumber[index] == timestamp ? Verdict.AGREES : Verdict.WRONG_TIME;
        }
        if (idByNumber[index] != 0) {
            return Verdict.WRONG_NUMBER;
        }
        idByNumber[index] = id;
        timeByNumber[index] = timestamp;
        return remember(id, index) ? Verdict.AGREES : Verdict.WRONG_NUMBER;
    }

    /// The number of a message that was seen; 0 if it was not.
    synchronized long numberOf(String messageId) {
        int slot = slotOf(fingerprint(messageId));
        return idTable[slot] == 0 ? 0 : numberTable[slot];
    }

    private void grow(int index) {
        if (index >= idByNumber.length) {
            int size = Math.max(index + 1, Math.min(NUMBERS_MAX, idByNumber.length * 2));
            idByNumber = Arrays.copyOf(idByNumber, size);
            timeByNumber = Arrays.copyOf(timeByNumber, size);
        }
    }

    /// Stores id → number; false if the id already has another number.
    private boolean remember(long id, int number) {
        if ((known + 1) * 2 > idTable.length) {
            rehash();
        }
        int slot = slotOf(id);
        if (idTable[slot] == id) {
            return numberTable[slot] == number;
        }
        idTable[slot] = id;
        numberTable[slot] = number;
        known++;
        return true;
    }

    private void rehash() {
        long[] oldIds = idTable;
        int[] oldNumbers = numberTable;
        idTable = new long[oldIds.length * 2];
        numberTable = new int[oldIds.length * 2];
        for (int i = 0; i < oldIds.length; i++) {
            if (oldIds[i] != 0) {
                int slot = slotOf(oldIds[i]);
                idTable[slot] = oldIds[i];
                numberTable[slot] = oldNumbers[i];
            }
        }
    }

    private int slotOf(long id) {
        int mask = idTable.length - 1;
        int slot = (int) (id ^ (id >>> 32)) & mask;
        while (idTable[slot] != 0 && idTable[slot] != id) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /// 64 bits of a message id, never 0, by FNV-1a with a final mix.
    static long fingerprint(String messageId) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < messageId.length(); i++) {
            hash = (hash ^ messageId.charAt(i)) * 0x100000001b3L;
        }
        hash ^= hash >>> 32;
        hash *= 0x9e3779b97f4a7c15L;
        hash ^= hash >>> 29;
        return hash == 0 ? 1 : hash;
    }
}
