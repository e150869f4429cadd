package chat.milena.gateway.delivery;

import chat.milena.gateway.command.OutcomeMeters;
import chat.milena.gateway.session.WriteSlices;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.key.ConversationKey;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Two paths from the reader to the sockets, so that a large audience does not delay the others: deliveries with
/// few recipients are dispatched immediately, on the reader's thread; those with many take the bulk lane, whose
/// own thread writes them in slices with pauses in between. There are no pauses while another write is due: then
/// throughput matters more than the latency of others.
///
/// **Together.** A write to a socket costs about the same for one frame as for several. So waiting deliveries of
/// one conversation are put into the outboxes together, and written in one write for each socket. The next write
/// of a busy conversation starts a minimum time after the last one, so that more deliveries can join it.
///
/// **Order.** While any delivery of a conversation is in the bulk lane, all of its deliveries go there, including
/// acks. So its deliveries are dispatched in the order of the log, even if its audience grows or shrinks past the
/// bound.
///
/// **Overflow.** The bulk lane is bounded, by deliveries and by recipients. When it is full the reader waits, and
/// unread deliveries stay in the log: late, but never lost.
///
/// [#accept] is for the reader's thread.
public final class DeliveryLanes implements ShardFeed, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryLanes.class);
    private static final Duration CLOSED_WITHIN = Duration.ofSeconds(2);
    /// Deliveries of a conversation that are written together: fewer than a burst of an outbox holds.
    private static final int TOGETHER_MAX = 16;

    private final DeliveryDispatcher dispatcher;
    private final BulkConfig config;
    private final Consumer<Throwable> onFatal;
    private final WriteSlices slices;
    private final Counter poison;
    private final Timer handed;
    private final Clock clock;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    /// How many deliveries of each conversation wait or are being dispatched.
    private final Map<ConversationKey, Integer> held = new HashMap<>();
    /// When the next write of a conversation may start, if that is in the future.
    private final Map<ConversationKey, Long> nextNanos = new HashMap<>();
    /// The number of those deliveries, and of their recipients, until they are dispatched.
    private int deliveries;
    private int recipients;
    private boolean closed;

    private record Waiting(LoggedDelivery logged, ConversationKey conversation) {}

    /// @param onFatal notified if the bulk lane has ended and deliveries would wait forever
    public DeliveryLanes(
            DeliveryDispatcher dispatcher,
            BulkConfig config,
            Clock clock,
            MeterRegistry meters,
            Consumer<Throwable> onFatal) {
        this.dispatcher = dispatcher;
        this.config = config;
        this.clock = clock;
        this.onFatal = onFatal;
        this.slices = new WriteSlices(config.sliceMax(), config.sliceEvery(), config.spreadMax());
        this.poison = poison(meters);
        this.handed = OutcomeMeters.latency("milena.gateway.delivery")
                .description("Events, from the frame or call of their sender until the last socket here has them")
                .register(meters);
        this.thread = Thread.ofPlatform().name("bulk-lane").unstarted(this::run);
        Gauge.builder("milena.gateway.bulk.recipients", this, DeliveryLanes::recipients)
                .description("Recipients of deliveries that wait in the bulk lane")
                .register(meters);
    }

    /// Counts the deliveries that are skipped.
    static Counter poison(MeterRegistry meters) {
        return Counter.builder("milena.gateway.delivery.poison")
                .description("Deliveries that could not be read or encoded, and were skipped")
                .register(meters);
    }

    /// Starts the bulk lane. Once.
    public void start() {
        thread.start();
    }

    /// Dispatches, or queues for the bulk lane; waits while that is full. If it is interrupted or closed, it drops
    /// the delivery: the gateway is stopping.
    @Override
    public void accept(LoggedDelivery logged) {
        Delivery delivery = logged.delivery();
        ConversationKey conversation = conversation(logged);
        int size = delivery.getRecipients().size();
        lock.lock();
        try {
            if (size >= config.recipientsMin() || held.containsKey(conversation)) {
                await(logged, conversation, size);
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } finally {
            lock.unlock();
        }
        // Without the lock: only this thread puts deliveries into the bulk lane.
        dispatcher.dispatch(logged);
        handed(logged);
    }

    /// All sockets have it. Reactions are held back on purpose, and say nothing about latency.
    private void handed(LoggedDelivery logged) {
        Delivery delivery = logged.delivery();
        if (logged.acceptedMillis() >= 0 && delivery.getEvent() != null && delivery.getReaction() == null) {
            handed.record(Math.max(0, clock.millis() - logged.acceptedMillis()), TimeUnit.MILLISECONDS);
        }
    }

    private void await(LoggedDelivery logged, ConversationKey conversation, int size) throws InterruptedException {
        while (!closed && (deliveries >= config.deliveriesMax() || recipients >= config.recipientsMax())) {
            changed.await();
        }
        if (!closed) {
            waiting.add(new Waiting(logged, conversation));
            held.merge(conversation, 1, Integer::sum);
            deliveries++;
            recipients += size;
            changed.signalAll();
        }
    }

    /// Stops the bulk lane; waiting deliveries are dropped, as are their clients.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
        try {
            if (!thread.join(CLOSED_WITHIN)) {
                LOG.warn("The bulk lane did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                List<LoggedDelivery> next = take();
                try {
                    next.forEach(this::dispatch);
                } finally {
                    slices.write(this::isAnotherDue);
                }
                next.forEach(this::done);
            }
        } catch (InterruptedException e) {
            LOG.debug("The bulk lane ends");
        } finally {
            if (!isClosed()) {
                onFatal.accept(new IllegalStateException("The bulk lane has ended"));
            }
        }
    }

    private void dispatch(LoggedDelivery logged) {
        try {
            dispatcher.dispatch(logged, (frame, offset, to) -> to.send(frame, offset, slices));
        } catch (RuntimeException e) {
            poison.increment();
            Delivery delivery = logged.delivery();
            LOG.error("Skipped a delivery of {} in {}", delivery.getConversationId(), delivery.getTenant(), e);
        }
    }

    private boolean isAnotherDue() {
        lock.lock();
        try {
            return firstDue(System.nanoTime()) != null;
        } finally {
            lock.unlock();
        }
    }

    /// The next deliveries to write: all waiting ones of the first conversation whose time has come.
    private List<LoggedDelivery> take() throws InterruptedException {
        // A close interrupts this thread, which may be busy.
        lock.lockInterruptibly();
        try {
            while (true) {
                long now = System.nanoTime();
                ConversationKey due = firstDue(now);
                if (due != null) {
                    nextNanos.put(due, now + config.gatheredFor().toNanos());
                    return together(due);
                }
                if (waiting.isEmpty()) {
                    changed.await();
                } else {
                    // All waiting conversations are among them.
                    long soonest = nextNanos.values().stream()
                            .mapToLong(next -> next - now)
                            .min()
                            .orElse(0);
                    changed.awaitNanos(soonest);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// The first conversation with waiting deliveries that may be written now; with the lock.
    private @Nullable ConversationKey firstDue(long now) {
        nextNanos.values().removeIf(next -> next - now <= 0);
        for (Waiting one : waiting) {
            if (!nextNanos.containsKey(one.conversation())) {
                return one.conversation();
            }
        }
        return null;
    }

    private List<LoggedDelivery> together(ConversationKey conversation) {
        List<LoggedDelivery> together = new ArrayList<>();
        Iterator<Waiting> all = waiting.iterator();
        while (all.hasNext() && together.size() < TOGETHER_MAX) {
            Waiting next = all.next();
            if (next.conversation().equals(conversation)) {
                together.add(next.logged());
                all.remove();
            }
        }
        return together;
    }

    private static ConversationKey conversation(LoggedDelivery logged) {
        return new ConversationKey(
                logged.delivery().getTenant(), logged.delivery().getConversationId());
    }

    /// All of it is in the outboxes: the next delivery of its conversation comes after it on either path.
    private void done(LoggedDelivery logged) {
        handed(logged);
        lock.lock();
        try {
            deliveries--;
            recipients -= logged.delivery().getRecipients().size();
            held.computeIfPresent(conversation(logged), (conversation, count) -> count == 1 ? null : count - 1);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private int recipients() {
        lock.lock();
        try {
            return recipients;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
