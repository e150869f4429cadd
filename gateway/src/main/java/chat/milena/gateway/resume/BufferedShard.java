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

/// The last deliveries of one shard without a gap, found by user: who comes back looks at their own, not at what all
/// others were told meanwhile. Not thread-safe.
final class BufferedShard {
    /// Of a user's entry and its queue.
    private static final int BYTES_OF_A_USER = 100;

    /// By offset.
    private final TreeMap<Long, BufferedDelivery> all = new TreeMap<>();
    /// Offsets of the same deliveries, by [BufferedDelivery#mark].
    private final Map<Integer, OffsetQueue> byUser = new HashMap<>();
    /// Offsets of those that are read, and not yet in all outboxes that they go to.
    private final TreeSet<Long> underWay = new TreeSet<>();

    private long from;
    private long next;
    private long bytes;

    /// @param offset where it begins
    BufferedShard(long offset) {
        from = offset;
        next = offset;
    }

    /// Everything from this offset on, up to [#next()], is here.
    long from() {
        return from;
    }

    /// The first offset that is not read yet.
    long next() {
        return next;
    }

    /// What has just been read.
    void add(BufferedDelivery delivery) {
        all.put(delivery.offset(), delivery);
        for (int mark : delivery.marks()) {
            ofUser(mark).addLast(delivery.offset());
        }
        bytes += delivery.bytes();
        underWay.add(delivery.offset());
        next = delivery.offset() + 1;
    }

    /// What stands before all that is here.
    ///
    /// @param offset everything from here on is among them
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

    /// About what it takes in memory.
    long bytes() {
        return bytes + (long) byUser.size() * BYTES_OF_A_USER;
    }

    /// Lets go of the first.
    ///
    /// @param expected which that is
    void removeFirst(BufferedDelivery expected) {
        Map.Entry<Long, BufferedDelivery> first = all.pollFirstEntry();
        if (first == null || first.getValue() != expected) {
            throw new IllegalStateException("What goes first was not its shard's first");
        }
        for (int mark : expected.marks()) {
            byUser.computeIfPresent(mark, (key, offsets) -> {
                if (offsets.removeFirst() != expected.offset()) {
                    throw new IllegalStateException("What goes first was not its user's first");
                }
                return offsets.size() == 0 ? null : offsets;
            });
        }
        bytes -= expected.bytes();
        from = expected.offset() + 1;
    }

    /// Nothing is left to be read before this offset.
    void advance(long offset) {
        next = Math.max(next, offset);
    }

    /// What may concern a user from a position on, the first so many of it, in order.
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

    /// This one is in all outboxes that it goes to.
    void dispatched(long offset) {
        underWay.remove(offset);
    }

    /// Everything before this offset is in the outboxes.
    long settled() {
        return underWay.isEmpty() ? next : underWay.first();
    }

    /// As [#settled()], taking the delivery at this offset to be there.
    long settledAfter(long offset) {
        long settled = settled();
        if (settled != offset) {
            return settled;
        }
        @Nullable Long following = underWay.higher(offset);
        return following == null ? next : following;
    }
}
