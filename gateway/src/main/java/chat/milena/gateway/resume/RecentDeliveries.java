package chat.milena.gateway.resume;

import chat.milena.gateway.delivery.PlacedDelivery;
import chat.milena.gateway.delivery.ShardFeed;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The last deliveries of each shard that is being read, and how far they have come: what a client missed for a short
/// while is here, without a gap from some offset up to the last one read. Safe for all threads; its lock is held for
/// moments only.
///
/// **The switch to live frames.** A delivery is kept here before it is dispatched, and a client is registered under the
/// same lock, at the offset up to which it has been told: what is kept before that moment it gets from here, and what
/// comes after it finds the client registered.
///
/// **Bound.** Deliveries and bytes of all shards together, and an age; the oldest go first.
public final class RecentDeliveries {
    private final int deliveriesMax;
    private final long bytesMax;
    private final Duration keptFor;
    private final Clock clock;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    private final Map<Integer, Shard> shards = new HashMap<>();
    /// Of all shards, in the order in which they go. Those of one shard stand in the order of their offsets.
    private final Deque<PlacedDelivery> all = new ArrayDeque<>();
    private long bytes;
    private volatile @Nullable Consumer<PlacedDelivery> watcher;

    private static final class Shard {
        /// Everything of `[from, next)` is in `recent`.
        private long from;
        private long next;
        private final Deque<PlacedDelivery> recent = new ArrayDeque<>();
        /// Read, and not yet in all outboxes that they go to.
        private final TreeSet<Long> underWay = new TreeSet<>();

        private Shard(long offset) {
            from = offset;
            next = offset;
        }
    }

    /// What there is from a position on.
    sealed interface Found {}

    /// These, up to an offset.
    record Upto(List<PlacedDelivery> deliveries, long next) implements Found {}

    /// Only what stands from this offset on; what lies before is in the log.
    record OnlyFrom(long from) implements Found {}

    /// Nothing yet: reading has not come so far.
    record NotYet() implements Found {}

    /// Nothing: the shard is not being read.
    record NotRead() implements Found {}

    public RecentDeliveries(ResumeConfig config, Clock clock) {
        this.deliveriesMax = config.recentDeliveriesMax();
        this.bytesMax = config.recentBytesMax();
        this.keptFor = config.recentFor();
        this.clock = clock;
    }

    /// A feed that keeps each delivery here, then passes it on.
    public ShardFeed before(Consumer<PlacedDelivery> dispatch) {
        return new ShardFeed() {
            @Override
            public void begun(int shard, long offset) {
                RecentDeliveries.this.begun(shard, offset);
            }

            @Override
            public void accept(PlacedDelivery delivery) {
                keep(delivery);
                Consumer<PlacedDelivery> watching = watcher;
                if (watching != null) {
                    watching.accept(delivery);
                }
                dispatch.accept(delivery);
            }

            @Override
            public void advanced(int shard, long offset) {
                RecentDeliveries.this.advanced(shard, offset);
            }

            @Override
            public void ended(int shard) {
                RecentDeliveries.this.ended(shard);
            }
        };
    }

    /// Has each delivery told to this watcher once it is kept, on the reader's thread. It must not wait.
    void watch(Consumer<PlacedDelivery> watching) {
        watcher = watching;
    }

    private void begun(int shard, long offset) {
        lock.lock();
        try {
            forget(shard);
            shards.put(shard, new Shard(offset));
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void keep(PlacedDelivery delivery) {
        lock.lock();
        try {
            Shard shard = shards.get(delivery.shard());
            if (shard == null || delivery.offset() < shard.next) {
                // The log was cut or begins anew: what was kept says nothing about it.
                forget(delivery.shard());
                shard = new Shard(delivery.offset());
                shards.put(delivery.shard(), shard);
            }
            shard.recent.add(delivery);
            shard.underWay.add(delivery.offset());
            shard.next = delivery.offset() + 1;
            all.add(delivery);
            bytes += delivery.bytes();
            evict();
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void advanced(int number, long offset) {
        lock.lock();
        try {
            Shard shard = shards.get(number);
            if (shard != null && shard.next < offset) {
                shard.next = offset;
                advanced.signalAll();
            }
            evict();
        } finally {
            lock.unlock();
        }
    }

    private void ended(int shard) {
        lock.lock();
        try {
            forget(shard);
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void forget(int number) {
        Shard shard = shards.remove(number);
        if (shard != null && !shard.recent.isEmpty()) {
            all.removeIf(delivery -> delivery.shard() == number);
            shard.recent.forEach(delivery -> bytes -= delivery.bytes());
        }
    }

    private void evict() {
        long oldestMillis = clock.millis() - keptFor.toMillis();
        PlacedDelivery oldest = all.peek();
        while (oldest != null
                && (all.size() > deliveriesMax || bytes > bytesMax || oldest.timestampMillis() < oldestMillis)) {
            all.remove();
            bytes -= oldest.bytes();
            Shard shard = shards.get(oldest.shard());
            PlacedDelivery first = shard == null ? null : shard.recent.poll();
            if (shard == null || first == null || first.offset() != oldest.offset()) {
                throw new IllegalStateException("What goes first was not its shard's first");
            }
            shard.from = oldest.offset() + 1;
            oldest = all.peek();
        }
    }

    /// A delivery is in all outboxes that it goes to.
    public void dispatched(PlacedDelivery delivery) {
        lock.lock();
        try {
            Shard shard = shards.get(delivery.shard());
            if (shard != null) {
                shard.underWay.remove(delivery.offset());
            }
        } finally {
            lock.unlock();
        }
    }

    /// The offset before which everything is in the outboxes; none if the shard is not being read.
    OptionalLong settled(int number) {
        lock.lock();
        try {
            Shard shard = shards.get(number);
            return shard == null ? OptionalLong.empty() : OptionalLong.of(settled(shard));
        } finally {
            lock.unlock();
        }
    }

    /// As [#settled(int)], taking the delivery at this offset to be in the outboxes.
    OptionalLong settledAfter(int number, long offset) {
        lock.lock();
        try {
            Shard shard = shards.get(number);
            if (shard == null) {
                return OptionalLong.empty();
            }
            long settled = settled(shard);
            if (settled != offset) {
                return OptionalLong.of(settled);
            }
            Long following = shard.underWay.higher(offset);
            return OptionalLong.of(following == null ? shard.next : following);
        } finally {
            lock.unlock();
        }
    }

    private static long settled(Shard shard) {
        return shard.underWay.isEmpty() ? shard.next : shard.underWay.first();
    }

    /// What stands in a shard from a position on.
    ///
    /// @param max how many deliveries at most
    Found read(int number, long position, int max) {
        lock.lock();
        try {
            Shard shard = shards.get(number);
            return shard == null ? new NotRead() : found(shard, position, max);
        } finally {
            lock.unlock();
        }
    }

    /// As [#read], and has a client registered if there is nothing: what follows finds it registered.
    ///
    /// @param register takes the offset from which on the client is told by others; under the lock
    Attached attach(int number, long position, int max, LongConsumer register) {
        lock.lock();
        try {
            Shard shard = shards.get(number);
            if (shard == null) {
                return new Attached(new NotRead(), false);
            }
            Found found = found(shard, position, max);
            boolean nothing = found instanceof Upto upto
                    && upto.next() == shard.next
                    && upto.deliveries().isEmpty();
            if (nothing) {
                register.accept(shard.next);
            }
            return new Attached(found, nothing);
        } finally {
            lock.unlock();
        }
    }

    /// What was found, and whether the client was registered behind it.
    record Attached(Found found, boolean registered) {}

    /// The newest are looked at first: most clients missed little.
    private static Found found(Shard shard, long position, int max) {
        if (position > shard.next) {
            return new NotYet();
        }
        if (position < shard.from) {
            return new OnlyFrom(shard.from);
        }
        Deque<PlacedDelivery> missed = new ArrayDeque<>();
        Iterator<PlacedDelivery> newestFirst = shard.recent.descendingIterator();
        while (newestFirst.hasNext()) {
            PlacedDelivery delivery = newestFirst.next();
            if (delivery.offset() < position) {
                break;
            }
            missed.addFirst(delivery);
        }
        if (missed.size() <= max) {
            return new Upto(new ArrayList<>(missed), shard.next);
        }
        List<PlacedDelivery> first = missed.stream().limit(max).toList();
        return new Upto(first, first.isEmpty() ? position : first.getLast().offset() + 1);
    }

    /// Keeps what was read of the log before the first that is here, if there is room and nothing lies between.
    ///
    /// @param from everything of the shard from here on is among them
    /// @param to the first offset that is not
    void keepBefore(int number, long from, long to, List<PlacedDelivery> earlier) {
        long more = earlier.stream().mapToLong(PlacedDelivery::bytes).sum();
        lock.lock();
        try {
            Shard shard = shards.get(number);
            if (shard == null
                    || shard.from != to
                    || all.size() + earlier.size() > deliveriesMax
                    || bytes + more > bytesMax) {
                return;
            }
            for (PlacedDelivery delivery : earlier.reversed()) {
                shard.recent.addFirst(delivery);
                all.addFirst(delivery);
            }
            bytes += more;
            shard.from = from;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until reading has come to this position of a shard.
    ///
    /// @return false if it did not in time
    boolean awaitPosition(int number, long position, Duration within) throws InterruptedException {
        lock.lock();
        try {
            long nanos = within.toNanos();
            Shard shard = shards.get(number);
            while (shard != null && shard.next < position && nanos > 0) {
                nanos = advanced.awaitNanos(nanos);
                shard = shards.get(number);
            }
            return shard != null && shard.next >= position;
        } finally {
            lock.unlock();
        }
    }

    /// How many are kept.
    int size() {
        lock.lock();
        try {
            return all.size();
        } finally {
            lock.unlock();
        }
    }

    /// Bytes of those that are kept.
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }
}
