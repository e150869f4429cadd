package chat.milena.gateway.resume;

import chat.milena.schemas.key.UserKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The last deliveries of one shard without a gap, indexed by user, so that a resume reads only that user's
/// deliveries. Not thread-safe.
final class BufferedShard {
    /// For a user's entry and its queue.
    private static final int BYTES_OF_A_USER = 100;

    /// By offset.
    private final TreeMap<Long, BufferedDelivery> all = new TreeMap<>();
    /// Offsets of the same deliveries, by [BufferedDelivery#mark].
    private final Map<Integer, OffsetQueue> byUser = new HashMap<>();
    /// Offsets of deliveries that are read and not yet in all of their outboxes.
    private final TreeSet<Long> underWay = new TreeSet<>();

    private long from;
    private long next;
    private long bytes;

    /// @param offset where it starts
    BufferedShard(long offset) {
        from = offset;
        next = offset;
    }

    /// Every delivery from this offset up to [#next()] is here.
    long from() {
        return from;
    }

    /// The first offset that is not read yet.
    long next() {
        return next;
    }

    /// A delivery that was just read.
    void add(BufferedDelivery delivery) {
        all.put(delivery.offset(), delivery);
        for (int mark : delivery.marks()) {
            ofUser(mark).addLast(delivery.offset());
        }
        bytes += delivery.bytes();
        underWay.add(delivery.offset());
        next = delivery.offset() + 1;
    }

    /// Adds deliveries from before the first one here.
    ///
    /// @param offset every delivery from here on is among them
    void addBefore(long offset, List<BufferedDelivery> earlier) {
        for (BufferedDelivery delivery : earlier.reversed()) {
            all.put(delivery.offset(), delivery);
            for (int mark : delivery.marks()) {
                ofUser(mark).addFirst(delivery.offset());
            }
            bytes += delivery.bytes();
        }
        from = offset;
    }

    private OffsetQueue ofUser(int mark) {
        return byUser.computeIfAbsent(mark, absent -> new OffsetQueue());
    }

    /// Its approximate size in memory.
    long bytes() {
        return bytes + (long) byUser.size() * BYTES_OF_A_USER;
    }

    /// Removes the first delivery.
    ///
    /// @param expected the first delivery
    void removeFirst(BufferedDelivery expected) {
        Map.Entry<Long, BufferedDelivery> first = all.pollFirstEntry();
        if (first == null || first.getValue() != expected) {
            throw new IllegalStateException("The evicted delivery was not the first of its shard");
        }
        for (int mark : expected.marks()) {
            byUser.computeIfPresent(mark, (key, offsets) -> {
                if (offsets.removeFirst() != expected.offset()) {
                    throw new IllegalStateException("The evicted delivery was not the first of its user");
                }
                return offsets.size() == 0 ? null : offsets;
            });
        }
        bytes -= expected.bytes();
        from = expected.offset() + 1;
    }

    /// No delivery is left to read before this offset.
    void advance(long offset) {
        next = Math.max(next, offset);
    }

    /// The first `max` deliveries that may concern a user from a position on, in order.
    List<BufferedDelivery> since(long position, UserKey user, int max) {
        OffsetQueue offsets = byUser.get(BufferedDelivery.mark(user));
        if (offsets == null) {
            return List.of();
        }
        int first = offsets.before(position);
        return IntStream.range(first, first + Math.min(max, offsets.size() - first))
                .mapToObj(index -> Objects.requireNonNull(all.get(offsets.get(index))))
                .toList();
    }

    /// This delivery is in all of its outboxes.
    void dispatched(long offset) {
        underWay.remove(offset);
    }

    /// Every delivery before this offset is in the outboxes.
    long settled() {
        return underWay.isEmpty() ? next : underWay.first();
    }

    /// Same as [#settled()], assuming that the delivery at this offset is in them.
    long settledAfter(long offset) {
        long settled = settled();
        if (settled != offset) {
            return settled;
        }
        @Nullable Long following = underWay.higher(offset);
        return following == null ? next : following;
    }
}
