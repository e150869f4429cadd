package chat.milena.gateway.resume;

import chat.milena.gateway.delivery.EventFrames;
import chat.milena.gateway.delivery.LoggedDelivery;
import chat.milena.gateway.delivery.MessageChanges;
import chat.milena.gateway.delivery.OwnFrames;
import chat.milena.gateway.delivery.ShardFeed;
import chat.milena.gateway.resume.CatchUp.CaughtUp;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.UserKey;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Long polling: returns the frames that a user missed since a cursor (a resume token). All frames come from the
/// log or its buffer, so the same cursor returns the same frames again. But for expired messages it returns only
/// the numbers, and for conversations from which the user was removed nothing before that. Safe for all threads,
/// which may wait for the log; the user's shard must be leased during the call.
///
/// **Bound.** Frames and bytes of one answer; its cursor is where it ends. What a client may have missed is
/// bounded as for one that resumes: beyond it, it must sync. Polls take at most half of the places to read the
/// log.
public final class Polls {
    private static final Logger LOG = LoggerFactory.getLogger(Polls.class);
    private static final int FRAMES_MAX = 100;
    private static final int BYTES_MAX = 512 * 1024;

    private final ResumeTokens tokens;
    private final RecentDeliveries recent;
    private final LogScan log;
    private final CatchUp catchUp;
    private final ResumeConfig.Behind bounds;
    private final int shards;
    private final Clock clock;
    /// Missed bytes that all polls hold at this moment.
    private final AtomicLong missedBytes = new AtomicLong();

    private final PollWaiters waiters = new PollWaiters();

    /// @param shards the number of shards
    public Polls(
            ResumeTokens tokens, RecentDeliveries recent, LogScan log, ResumeConfig config, int shards, Clock clock) {
        this.tokens = tokens;
        this.recent = recent;
        this.log = log;
        this.catchUp =
                new CatchUp(recent, log.sharing(Math.max(1, config.scans().max() / 2)), config.within());
        this.bounds = config.missed();
        this.shards = shards;
        this.clock = clock;
    }

    /// The stage of the feed that wakes polls; after the recent deliveries.
    public ShardFeed wakes() {
        return waiters;
    }

    /// The result of a poll.
    public sealed interface Polled {}

    /// These frames, and the next cursor.
    public record Frames(List<ServerFrame> frames, String cursor) implements Polled {}

    /// Nothing yet. The poll is woken when there is something, or may be repeated.
    public record Nothing(ResumePosition next) implements Polled {}

    /// The cursor is missing or cannot be continued: later frames follow this new one, earlier ones must be
    /// synced.
    public record Afresh(String cursor) implements Polled {}

    /// The shard is not being read.
    public record Unavailable() implements Polled {}

    /// Collects the frames after a cursor.
    ///
    /// @param from where to continue; null to start now
    /// @param wake run once when there is something, if there is nothing; on a thread that must not wait
    public Polled poll(UserKey user, @Nullable ResumePosition from, Runnable wake) {
        if (from != null && from.isOf(user, shards)) {
            try {
                return since(user, from, wake);
            } catch (NotResumableException e) {
                LOG.debug("A client of {} must sync: {}", user.tenant(), e.result());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Unavailable();
            }
        }
        OptionalLong now = recent.settled(user.shard(shards).shard());
        return now.isEmpty() ? new Unavailable() : new Afresh(cursor(user, position(user, now.getAsLong())));
    }

    /// The position of a cursor; null if it is not a cursor of this user, or too old.
    public @Nullable ResumePosition position(UserKey user, @Nullable String cursor) {
        return cursor == null ? null : tokens.read(user, cursor);
    }

    /// A cursor of this position, for this user only.
    public String cursor(UserKey user, ResumePosition position) {
        return tokens.write(user, position);
    }

    /// Cancels a pending wake-up.
    public void forget(UserKey user, Runnable wake) {
        waiters.remove(user, wake);
    }

    /// Wakes all waiting polls.
    public void wakeAll() {
        waiters.wakeAll();
    }

    /// Reads ahead to the end of the known deliveries before it cuts a page: a user who was removed since gets
    /// nothing from before that.
    private Polled since(UserKey user, ResumePosition position, Runnable wake)
            throws NotResumableException, InterruptedException {
        Missed missed = new Missed(user, bounds, missedBytes, log::decoded);
        try {
            CaughtUp caughtUp = catchUp.run(position, missed, new Waiting(user, wake));
            return page(user, missed, caughtUp.liveFrom(), wake);
        } finally {
            missed.release();
        }
    }

    /// A poll that the next delivery after its attachment wakes.
    private final class Waiting implements LiveSubscriber {
        private final UserKey user;
        private final Runnable wake;

        private Waiting(UserKey user, Runnable wake) {
            this.user = user;
            this.wake = wake;
        }

        @Override
        public UserKey user() {
            return user;
        }

        @Override
        public void attached(long offset) {
            waiters.add(user, wake);
        }
    }

    private Polled page(UserKey user, Missed all, long behind, Runnable wake) {
        Iterator<LoggedDelivery> missed = all.logged();
        Instant now = clock.instant();
        List<ServerFrame> frames = new ArrayList<>();
        int bytes = 0;
        long next = behind;
        while (missed.hasNext()) {
            LoggedDelivery logged = missed.next();
            if (frames.size() >= FRAMES_MAX || bytes >= BYTES_MAX) {
                next = logged.offset();
                break;
            }
            ServerFrame frame = OfflineFrames.orPassedOver(() -> frame(user, logged.delivery(), all.changes(), now));
            if (frame != null) {
                frames.add(frame);
                bytes += frame.bytes();
            }
        }
        ResumePosition after = position(user, next);
        if (frames.isEmpty()) {
            return new Nothing(after);
        }
        waiters.remove(user, wake);
        return new Frames(List.copyOf(frames), cursor(user, after));
    }

    private static @Nullable ServerFrame frame(UserKey user, Delivery delivery, MessageChanges changes, Instant now) {
        Supplier<ServerFrame> own = OwnFrames.of(delivery);
        if (own != null) {
            return own.get();
        }
        TimelineEvent event = delivery.getEvent();
        if (event == null) {
            return OfflineFrames.receiptFrame(delivery.getConversationId(), delivery.getReceipt());
        }
        if (OfflineFrames.isExpired(event, now)) {
            // Named, so that no client takes it for lost.
            return ServerFrames.messagesOffline(
                    delivery.getConversationId(), user.userId(), List.of(), List.of(event.getSequenceNumber()));
        }
        if (event.getMessage() != null && changes.isDeleted(event)) {
            return entry(user, changes.shown(event));
        }
        return changes.isOver(delivery, now)
                ? entry(user, event)
                : EventFrames.of(changes.shown(delivery, now)).frameFor(user.userId());
    }

    private static ServerFrame entry(UserKey user, TimelineEvent event) {
        return ServerFrames.messagesOffline(event.getConversationId(), user.userId(), List.of(event), List.of());
    }

    private ResumePosition position(UserKey user, long offset) {
        return new ResumePosition(shards, user.shard(shards).shard(), offset);
    }
}
