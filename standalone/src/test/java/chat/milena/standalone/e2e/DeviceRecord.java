package chat.milena.standalone.e2e;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What one device was told over all of its connections, judged as it comes. Pure; for one thread.
///
/// On one connection the numbers of a conversation come one after the other, in order and once, each by its frame
/// or its ack. A connection that went on where another one was leaves nothing out between the two; it may repeat,
/// which is counted. One that did not must be followed by a sync that leaves no gap.
final class DeviceRecord {
    private final String name;
    private final Violations violations;
    private final Map<String, Timeline> timelines = new HashMap<>();
    /// Of this connection.
    private final Map<Reader, Long> receipts = new HashMap<>();
    private long told;
    private long repeats;
    private long receiptsRepeated;
    private final Map<Reader, Long> receiptsEver = new HashMap<>();

    private record Reader(String conversationId, String userId, String kind) {}

    private static final class Timeline {
        private final TreeMap<Long, String> known = new TreeMap<>();
        private final Map<String, Long> numbers = new HashMap<>();
        private long upTo;
        /// All from the begin of an unbroken row of connections up to here was told; 0 where there is none.
        private long unbroken;
        private long lastHere;
    }

    DeviceRecord(String name, Violations violations) {
        this.name = name;
        this.violations = violations;
    }

    /// A connection was greeted.
    void connected(boolean resumed) {
        receipts.clear();
        for (Timeline timeline : timelines.values()) {
            timeline.lastHere = 0;
            if (!resumed) {
                timeline.unbroken = 0;
            }
        }
    }

    /// A frame of an event came, live or as one that was missed.
    ///
    /// @param what the message's id, or what else it is
    void told(String conversationId, long number, String what) {
        Timeline timeline = timeline(conversationId);
        told++;
        boolean repeated = timeline.known.containsKey(number);
        if (number <= timeline.lastHere) {
            violations.add(
                    repeated ? Violations.Kind.DOUBLED : Violations.Kind.OUT_OF_ORDER,
                    "%s was told %s %d behind %d on one connection"
                            .formatted(name, conversationId, number, timeline.lastHere));
        } else {
            orderly(timeline, conversationId, number);
            repeats += repeated ? 1 : 0;
        }
        learn(timeline, conversationId, number, what);
    }

    private void orderly(Timeline timeline, String conversationId, long number) {
        boolean first = timeline.lastHere == 0;
        long expected = first ? timeline.unbroken + 1 : timeline.lastHere + 1;
        boolean begins = first && timeline.unbroken == 0;
        if (!begins && (first ? number > expected : number != expected)) {
            violations.add(
                    Violations.Kind.GAP,
                    "%s was told %s %d, not %d, without a resync".formatted(name, conversationId, number, expected));
        }
        timeline.lastHere = number;
        timeline.unbroken = Math.max(timeline.unbroken, number);
    }

    /// A message of this device was acked. The first ack stands in the row of what this connection is told.
    void acked(String conversationId, long number, String messageId, boolean duplicate) {
        if (duplicate) {
            learn(timeline(conversationId), conversationId, number, messageId);
        } else {
            told(conversationId, number, messageId);
        }
    }

    /// A sync or a page brought an event.
    void synced(String conversationId, long number, String what) {
        learn(timeline(conversationId), conversationId, number, what);
    }

    /// A sync of this conversation is through, which was begun after the last connection that did not go on.
    void syncedAll(String conversationId) {
        Timeline timeline = timeline(conversationId);
        if (!timeline.known.isEmpty() && timeline.upTo < timeline.known.lastKey()) {
            violations.add(
                    Violations.Kind.GAP,
                    "%s lacks %s %d after a sync, and has %d"
                            .formatted(name, conversationId, timeline.upTo + 1, timeline.known.lastKey()));
        }
        timeline.unbroken = Math.max(timeline.unbroken, timeline.upTo);
    }

    /// The server said that frames were dropped.
    void resync(String conversationId) {
        Timeline timeline = timeline(conversationId);
        timeline.unbroken = 0;
        timeline.lastHere = 0;
    }

    private void learn(Timeline timeline, String conversationId, long number, String what) {
        String before = timeline.known.putIfAbsent(number, what);
        if (before != null && !before.equals(what)) {
            violations.add(
                    Violations.Kind.RENUMBERED,
                    "%s has %s %d as %s and as %s".formatted(name, conversationId, number, before, what));
        }
        if (isMessage(what)) {
            Long other = timeline.numbers.putIfAbsent(what, number);
            if (other != null && other != number) {
                violations.add(
                        Violations.Kind.DOUBLED,
                        "%s has %s of %s as %d and %d".formatted(name, what, conversationId, other, number));
            }
        }
        while (timeline.known.containsKey(timeline.upTo + 1)) {
            timeline.upTo++;
        }
    }

    /// What is no message begins so.
    static String change(String kind) {
        return "#" + kind;
    }

    private static boolean isMessage(String what) {
        return !what.startsWith("#");
    }

    /// A receipt came.
    void receipt(String conversationId, String userId, String kind, long upTo) {
        Reader reader = new Reader(conversationId, userId, kind);
        Long here = receipts.put(reader, upTo);
        if (here != null && upTo < here) {
            violations.add(
                    Violations.Kind.RECEIPT_BACK,
                    "%s was told that %s has %s %s up to %d after %d on one connection"
                            .formatted(name, userId, kind, conversationId, upTo, here));
        }
        long ever = receiptsEver.getOrDefault(reader, 0L);
        receiptsRepeated += upTo <= ever ? 1 : 0;
        receiptsEver.merge(reader, upTo, Math::max);
    }

    /// The furthest receipt that came, 0 for none.
    long receipt(String conversationId, String userId, String kind) {
        return receiptsEver.getOrDefault(new Reader(conversationId, userId, kind), 0L);
    }

    /// It has everything up to here.
    long upTo(String conversationId) {
        Timeline timeline = timelines.get(conversationId);
        return timeline == null ? 0 : timeline.upTo;
    }

    /// What it has, by number.
    Map<Long, String> known(String conversationId) {
        Timeline timeline = timelines.get(conversationId);
        return timeline == null ? Map.of() : timeline.known;
    }

    /// The conversations of which it has anything.
    Set<String> conversations() {
        return new HashSet<>(timelines.keySet());
    }

    String name() {
        return name;
    }

    /// How many events came by frames.
    long told() {
        return told;
    }

    /// How many of them it had.
    long repeats() {
        return repeats;
    }

    long receiptsRepeated() {
        return receiptsRepeated;
    }

    private Timeline timeline(String conversationId) {
        return timelines.computeIfAbsent(conversationId, none -> new Timeline());
    }
}
