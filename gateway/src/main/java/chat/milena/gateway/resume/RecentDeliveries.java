package chat.milena.gateway.resume;

import chat.milena.gateway.delivery.LoggedDelivery;
import chat.milena.gateway.delivery.ShardFeed;
import chat.milena.runtime.time.Ticker;
import chat.milena.schemas.key.UserKey;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;

/// The last deliveries of each shard that is being read, and how far they have come: the missed deliveries of a
/// short time are here, without a gap from some offset up to the last one read. Safe for all threads; its lock is
/// held for moments only.
///
/// **The switch to live frames.** This is the first stage of the feed: a delivery is buffered here before it is
/// dispatched. A [LiveSubscriber] is attached under the same lock, at the offset up to which it has everything.
/// Earlier deliveries it has from here, and later ones find the subscriber attached.
///
/// **Bound.** Deliveries and bytes of all shards together, and an age; the oldest are evicted first. While clients
/// resume from longer ago, the deliveries that were read from the log for them stay for the next clients too: then
/// it is twice as much, of any age.
public final class RecentDeliveries implements ShardFeed {
    /// How long a part of the log that was read for one client is kept for others.
    private static final Duration READ_BACK_FOR = Duration.ofSeconds(30);

    /// Eviction is done in parts, since the reader waits for it.
    private static final int EVICTED_AT_ONCE_MAX = 1_000;

    private final int deliveriesMax;
    private final long bytesMax;
    private final Duration keptFor;
    private final Clock clock;
    private final Ticker ticker;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    private final Map<Integer, BufferedShard> shards = new HashMap<>();
    /// Of all shards, in the order of eviction. Those of one shard are in the order of their offsets.
    private final Deque<BufferedDelivery> all = new ArrayDeque<>();
    private long bytes;
    private long readBackUntilMillis = Long.MIN_VALUE;

    /// The deliveries for a user from a position on.
    sealed interface Found {}

    /// Deliveries up to an offset that may concern the user, and maybe some that do not.
    record Upto(List<BufferedDelivery> deliveries, long next) implements Found {}

    /// None, and the subscriber is attached: it gets everything from this offset on.
    record Nothing(long liveFrom) implements Found {}

    /// Only deliveries from this offset on are here; earlier ones are in the log.
    record OnlyFrom(long from) implements Found {}

    /// None yet: the reader has not come so far.
    record NotYet() implements Found {}

    /// None: the shard is not being read.
    record NotRead() implements Found {}

    /// @param clock the clock of deliveries, for their age
    public RecentDeliveries(ResumeConfig.Recent config, Clock clock, Ticker ticker) {
        this.deliveriesMax = config.deliveriesMax();
        this.bytesMax = config.bytesMax();
        this.keptFor = config.keptFor();
        this.clock = clock;
        this.ticker = ticker;
    }

    @Override
    public void begun(int shard, long offset) {
        lock.lock();
        try {
            forget(shard);
            shards.put(shard, new BufferedShard(offset));
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void accept(LoggedDelivery logged) {
        BufferedDelivery delivery = BufferedDelivery.of(logged);
        lock.lock();
        try {
            BufferedShard shard = shards.get(delivery.shard());
            if (shard == null || delivery.offset() < shard.next()) {
                // The log was cut or starts again: the buffer does not match it.
                forget(delivery.shard());
                shard = new BufferedShard(delivery.offset());
                shards.put(delivery.shard(), shard);
            }
            BufferedShard its = shard;
            change(its, () -> its.add(delivery));
            all.add(delivery);
            evict();
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void advanced(int number, long offset) {
        lock.lock();
        try {
            BufferedShard shard = shards.get(number);
            if (shard != null && shard.next() < offset) {
                shard.advance(offset);
                advanced.signalAll();
            }
            evict();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void ended(int shard) {
        lock.lock();
        try {
            forget(shard);
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void forget(int number) {
        BufferedShard shard = shards.remove(number);
        if (shard != null && shard.bytes() > 0) {
            all.removeIf(delivery -> delivery.shard() == number);
            bytes -= shard.bytes();
        }
    }

    private void evict() {
        boolean readBack = ticker.millis() < readBackUntilMillis;
        long oldestMillis = readBack ? Long.MIN_VALUE : clock.millis() - keptFor.toMillis();
        for (int evicted = 0; evicted < EVICTED_AT_ONCE_MAX; evicted++) {
            BufferedDelivery oldest = all.peek();
            if (oldest == null || (fits(0, 0, readBack) && oldest.timestampMillis() >= oldestMillis)) {
                return;
            }
            all.remove();
            BufferedShard shard = shards.get(oldest.shard());
            if (shard == null) {
                throw new IllegalStateException("The evicted delivery was of no shard");
            }
            change(shard, () -> shard.removeFirst(oldest));
        }
    }

    private void change(BufferedShard shard, Runnable change) {
        long before = shard.bytes();
        change.run();
        bytes += shard.bytes() - before;
    }

    private boolean fits(int moreDeliveries, long moreBytes, boolean readBack) {
        int times = readBack ? 2 : 1;
        return all.size() + moreDeliveries <= (long) times * deliveriesMax && bytes + moreBytes <= times * bytesMax;
    }

    /// A delivery is in all of its outboxes.
    public void dispatched(LoggedDelivery delivery) {
        lock.lock();
        try {
            BufferedShard shard = shards.get(delivery.shard());
            if (shard != null) {
                shard.dispatched(delivery.offset());
            }
        } finally {
            lock.unlock();
        }
    }

    /// The offset before which everything is in the outboxes; empty if the shard is not being read.
    OptionalLong settled(int number) {
        return ofShard(number, BufferedShard::settled);
    }

    /// Same as [#settled(int)], assuming that the delivery at this offset is in the outboxes.
    OptionalLong settledAfter(int number, long offset) {
        return ofShard(number, shard -> shard.settledAfter(offset));
    }

    /// The offset from which on everything is here; empty if the shard is not being read.
    OptionalLong wholeFrom(int number) {
        return ofShard(number, BufferedShard::from);
    }

    private OptionalLong ofShard(int number, ToLongFunction<BufferedShard> what) {
        lock.lock();
        try {
            BufferedShard shard = shards.get(number);
            return shard == null ? OptionalLong.empty() : OptionalLong.of(what.applyAsLong(shard));
        } finally {
            lock.unlock();
        }
    }

    /// Finds the missed deliveries of a subscriber since a position. If there are none, it is attached in the same
    /// moment, so that the next delivery finds it attached.
    ///
    /// @param max maximum number of deliveries
    Found attach(int number, long position, int max, LiveSubscriber subscriber) {
        lock.lock();
        try {
            BufferedShard shard = shards.get(number);
            if (shard == null) {
                return new NotRead();
            }
            Found found = found(shard, position, subscriber.user(), max);
            boolean nothing = found instanceof Upto upto
                    && upto.next() == shard.next()
                    && upto.deliveries().isEmpty();
            if (!nothing) {
                return found;
            }
            subscriber.attached(shard.next());
            return new Nothing(shard.next());
        } finally {
            lock.unlock();
        }
    }

    private static Found found(BufferedShard shard, long position, UserKey user, int max) {
        if (position > shard.next()) {
            return new NotYet();
        }
        if (position < shard.from()) {
            return new OnlyFrom(shard.from());
        }
        List<BufferedDelivery> deliveries = shard.since(position, user, max);
        long next =
                deliveries.size() < max ? shard.next() : deliveries.getLast().offset() + 1;
        return new Upto(deliveries, next);
    }

    /// Keeps a part of the log that was read before the first delivery here, if there is room and no gap.
    ///
    /// @param from every delivery of the shard from here on is among them
    /// @param to the first offset after them
    void keepBefore(int number, long from, long to, List<LoggedDelivery> earlier) {
        List<BufferedDelivery> more = earlier.stream().map(BufferedDelivery::of).toList();
        long moreBytes = more.stream().mapToLong(BufferedDelivery::bytes).sum();
        lock.lock();
        try {
            BufferedShard shard = shards.get(number);
            if (shard == null || shard.from() != to || !fits(more.size(), moreBytes, true)) {
                return;
            }
            change(shard, () -> shard.addBefore(from, more));
            more.reversed().forEach(all::addFirst);
            readBackUntilMillis = ticker.millis() + READ_BACK_FOR.toMillis();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the reader has come to this position of a shard.
    ///
    /// @return false if the time ran out first
    boolean awaitPosition(int number, long position, Duration within) throws InterruptedException {
        lock.lock();
        try {
            long nanos = within.toNanos();
            BufferedShard shard = shards.get(number);
            while (shard != null && shard.next() < position && nanos > 0) {
                nanos = advanced.awaitNanos(nanos);
                shard = shards.get(number);
            }
            return shard != null && shard.next() >= position;
        } finally {
            lock.unlock();
        }
    }

    /// How many are buffered.
    int size() {
        lock.lock();
        try {
            return all.size();
        } finally {
            lock.unlock();
        }
    }

    /// Their approximate size in memory.
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }
}
