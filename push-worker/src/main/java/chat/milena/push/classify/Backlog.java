package chat.milena.push.classify;

import chat.milena.schemas.key.EventKey;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The questions of all tenants that wait for their turn or are asked. Tenants take turns, and each has at most
/// [#ASKED_MAX] questions at the same time, so one whose classifier is slow holds up no other. So do the tenants whose
/// classifiers are behind one origin: together they have at most [#ORIGIN_ASKED_MAX]. For all threads.
///
/// **Bounds.** [AskedOffsets#OPEN_MAX] questions a partition and [#BYTES_MAX] in all. A tenant may hold as much as
/// is still free (the dynamic thresholds of Choudhury and Hahne): alone half of it, and each one that fills its
/// share leaves half of what it found to the others. **Overflow:** the question is not taken.
final class Backlog {
    /// Questions of a tenant that are asked at the same time.
    static final int ASKED_MAX = 32;

    /// Questions that are asked at the same time.
    static final int ALL_ASKED_MAX = 1_024;

    /// Questions that are asked at the same time at one origin.
    static final int ORIGIN_ASKED_MAX = 256;

    static final long BYTES_MAX = 64L << 20;

    private final SequencedMap<String, Line> lines = new LinkedHashMap<>();
    private final Map<TopicPartition, Integer> open = new HashMap<>();
    private final Map<String, Integer> askedByOrigin = new HashMap<>();
    private long bytes;
    private int size;
    private int asked;

    /// The questions of one tenant.
    private static final class Line {
        /// In their order; of a message, the latest revision alone.
        private final SequencedMap<EventKey, Question> waiting = new LinkedHashMap<>();
        private final Map<TopicPartition, Integer> open = new HashMap<>();
        private int asked;
        private long bytes;
    }

    /// Takes a question. The caller drops an earlier one about the same message first.
    ///
    /// @return false if there is no room for it
    synchronized boolean add(Question question) {
        TopicPartition partition = question.place().partition();
        Line line = lines.computeIfAbsent(question.tenant(), _ -> new Line());
        int free = AskedOffsets.OPEN_MAX - open.getOrDefault(partition, 0);
        if (line.open.getOrDefault(partition, 0) >= free || line.bytes >= BYTES_MAX - bytes) {
            forget(question.tenant(), line);
            return false;
        }
        if (line.waiting.putIfAbsent(question.key(), question) != null) {
            throw new IllegalStateException("An earlier question about this message waits");
        }
        count(line, question, 1);
        return true;
    }

    /// Drops the question about a message that waits, since there is a later record of the message.
    ///
    /// @return null if none waits
    synchronized @Nullable Question drop(EventKey key) {
        String tenant = key.conversation().tenant();
        Line line = lines.get(tenant);
        Question dropped = line == null ? null : line.waiting.remove(key);
        if (line != null && dropped != null) {
            count(line, dropped, -1);
            forget(tenant, line);
        }
        return dropped;
    }

    /// The next question to ask; null if none waits whose tenant has a place.
    synchronized @Nullable Question next() {
        if (asked == ALL_ASKED_MAX) {
            return null;
        }
        for (Map.Entry<String, Line> entry : lines.entrySet()) {
            Line line = entry.getValue();
            if (line.asked < ASKED_MAX && !line.waiting.isEmpty()) {
                Question question = line.waiting.firstEntry().getValue();
                String origin = question.classifier().origin();
                if (askedByOrigin.getOrDefault(origin, 0) < ORIGIN_ASKED_MAX) {
                    line.waiting.pollFirstEntry();
                    line.asked++;
                    asked++;
                    count(askedByOrigin, origin, 1);
                    // The others first, next time.
                    lines.putLast(entry.getKey(), line);
                    return question;
                }
            }
        }
        return null;
    }

    /// A question was asked, whatever came of it.
    synchronized void ended(Question question) {
        Line line = lines.get(question.tenant());
        if (line == null) {
            throw new IllegalStateException("This question was not asked");
        }
        line.asked--;
        asked--;
        count(askedByOrigin, question.classifier().origin(), -1);
        count(line, question, -1);
        forget(question.tenant(), line);
    }

    /// Whether a tenant has half of what it may hold alone in a partition. What one poll reads still fits in.
    synchronized boolean isCrowded(String tenant, TopicPartition partition) {
        Line line = lines.get(tenant);
        return line != null && line.open.getOrDefault(partition, 0) >= AskedOffsets.OPEN_MAX / 4;
    }

    /// Drops the waiting questions of all partitions or of one that is read elsewhere from now on.
    ///
    /// @param partition null for all
    synchronized void leave(@Nullable TopicPartition partition) {
        for (Map.Entry<String, Line> entry : List.copyOf(lines.entrySet())) {
            Line line = entry.getValue();
            line.waiting.values().removeIf(question -> {
                boolean isLeft =
                        partition == null || question.place().partition().equals(partition);
                if (isLeft) {
                    count(line, question, -1);
                }
                return isLeft;
            });
            forget(entry.getKey(), line);
        }
    }

    /// The questions that wait or are asked.
    synchronized int size() {
        return size;
    }

    /// Whether one is being asked.
    synchronized boolean isAsking() {
        return lines.values().stream().anyMatch(line -> line.asked > 0);
    }

    private void count(Line line, Question question, int one) {
        long its = (long) one * question.place().bytes();
        TopicPartition partition = question.place().partition();
        size += one;
        bytes += its;
        line.bytes += its;
        count(line.open, partition, one);
        count(open, partition, one);
    }

    private static <T> void count(Map<T, Integer> counts, T of, int one) {
        int next = counts.getOrDefault(of, 0) + one;
        if (next == 0) {
            counts.remove(of);
        } else {
            counts.put(of, next);
        }
    }

    private void forget(String tenant, Line line) {
        if (line.asked == 0 && line.waiting.isEmpty()) {
            lines.remove(tenant);
        }
    }
}
