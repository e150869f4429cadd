package chat.milena.gateway.resume;

import chat.milena.gateway.delivery.EventFrames;
import chat.milena.gateway.delivery.PlacedDelivery;
import chat.milena.gateway.frame.ServerFrame;
import chat.milena.gateway.frame.ServerFrames;
import chat.milena.gateway.resume.RecentDeliveries.Attached;
import chat.milena.gateway.resume.RecentDeliveries.NotRead;
import chat.milena.gateway.resume.RecentDeliveries.NotYet;
import chat.milena.gateway.resume.RecentDeliveries.OnlyFrom;
import chat.milena.gateway.resume.RecentDeliveries.Upto;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.MovedReceipt;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.schemas.word.Word;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Frames by asking for them: what one user was told since a cursor, which is a resume token. Everything comes from the
/// log or what is at hand of it, so asking again with a cursor brings the same again. Safe for all threads, which may
/// wait for the log; the user's shard must be leased meanwhile.
///
/// **Bound.** Frames and bytes of one answer; the cursor stands where it ended.
public final class Polls {
    private static final Logger LOG = LoggerFactory.getLogger(Polls.class);
    private static final int FRAMES_MAX = 100;
    private static final int BYTES_MAX = 512 * 1024;
    private static final int AT_ONCE_MAX = 512;
    private static final int SCANS_MAX = 3;

    private final ResumeTokens tokens;
    private final RecentDeliveries recent;
    private final LogScan log;
    private final Duration within;
    private final int shards;
    private final PollWaiters waiters = new PollWaiters();

    /// @param shards how many there are
    public Polls(ResumeTokens tokens, RecentDeliveries recent, LogScan log, ResumeConfig config, int shards) {
        this.tokens = tokens;
        this.recent = recent;
        this.log = log;
        this.within = config.within();
        this.shards = shards;
        recent.watch(waiters::delivered);
    }

    /// What there is for who asks.
    public sealed interface Polled {}

    /// These, and where to go on.
    public record Frames(List<ServerFrame> frames, String cursor) implements Polled {}

    /// Nothing yet. Who asked is woken when there is something, or may ask again.
    public record Nothing(String cursor) implements Polled {}

    /// There is no way on from this cursor, or there was none: what follows this one is told, what was before must be
    /// synced.
    public record Afresh(String cursor) implements Polled {}

    /// The shard is not being read.
    public record Unavailable() implements Polled {}

    /// Gathers what stands behind a cursor.
    ///
    /// @param wake run once when there is something, if there is nothing; on a thread that must not wait
    public Polled poll(UserKey user, @Nullable String cursor, Runnable wake) {
        int shard = user.shard(shards).shard();
        ResumePosition position = cursor == null ? null : tokens.read(user, cursor);
        if (position != null && position.shards() == shards && position.shard() == shard) {
            try {
                return since(user, position, wake);
            } catch (NotResumableException e) {
                LOG.debug("A client of {} must sync: {}", user.tenant(), e.result());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Unavailable();
            }
        }
        OptionalLong now = recent.settled(shard);
        return now.isEmpty() ? new Unavailable() : new Afresh(cursor(user, now.getAsLong()));
    }

    /// Whoever was to be woken need not be.
    public void forget(UserKey user, Runnable wake) {
        waiters.remove(user, wake);
    }

    /// Wakes everybody who waits.
    public void wakeAll() {
        waiters.wakeAll();
    }

    private Polled since(UserKey user, ResumePosition position, Runnable wake)
            throws NotResumableException, InterruptedException {
        long deadlineNanos = System.nanoTime() + within.toNanos();
        int shard = position.shard();
        Answer answer = new Answer(user, position.offset());
        int scans = 0;
        while (System.nanoTime() < deadlineNanos) {
            // Under the lock: what comes next wakes.
            Attached attached = recent.attach(shard, answer.next, AT_ONCE_MAX, offset -> waiters.add(user, wake));
            boolean more = true;
            switch (attached.found()) {
                case Upto(var deliveries, var next) -> {
                    answer.add(deliveries, next);
                    more = !attached.registered();
                }
                case OnlyFrom(var ignored) -> {
                    if (++scans > SCANS_MAX) {
                        throw new NotResumableException(ResumeResult.BUSY);
                    }
                    LogScan.Piece earlier = log.readBefore(recent, shard, answer.next, deadlineNanos);
                    answer.add(earlier.deliveries(), earlier.to());
                }
                case NotYet() -> {
                    Duration left = Duration.ofNanos(deadlineNanos - System.nanoTime());
                    if (!recent.awaitPosition(shard, answer.next, left)) {
                        throw new NotResumableException(ResumeResult.TOO_OLD);
                    }
                }
                case NotRead() -> throw new NotResumableException(ResumeResult.FAILED);
            }
            if (answer.isFull() || !more) {
                return answer.polled(wake);
            }
        }
        throw new NotResumableException(ResumeResult.BUSY);
    }

    private String cursor(UserKey user, long offset) {
        return tokens.write(user, new ResumePosition(shards, user.shard(shards).shard(), offset));
    }

    /// One answer in the making.
    private final class Answer {
        private final UserKey user;
        private final List<ServerFrame> frames = new ArrayList<>();
        private int bytes;
        private long next;

        private Answer(UserKey user, long next) {
            this.user = user;
            this.next = next;
        }

        private boolean isFull() {
            return frames.size() >= FRAMES_MAX || bytes >= BYTES_MAX;
        }

        private void add(List<PlacedDelivery> deliveries, long behind) {
            for (PlacedDelivery placed : deliveries) {
                if (isFull()) {
                    return;
                }
                Delivery delivery = placed.delivery();
                if (delivery.getTenant().equals(user.tenant())
                        && delivery.getRecipients().contains(user.userId())) {
                    add(delivery);
                }
                next = placed.offset() + 1;
            }
            next = Math.max(next, behind);
        }

        /// What cannot be told live either is passed over.
        private void add(Delivery delivery) {
            try {
                ServerFrame frame = frame(delivery);
                if (frame != null) {
                    frames.add(frame);
                    bytes += frame.bytes();
                }
            } catch (RuntimeException e) {
                LOG.error("Passed over a frame for a client that asks", e);
            }
        }

        private @Nullable ServerFrame frame(Delivery delivery) {
            if (delivery.getEvent() != null) {
                return EventFrames.of(delivery.getEvent(), delivery.getConversation())
                        .frameFor(user.userId());
            }
            MovedReceipt receipt = delivery.getReceipt();
            if (receipt == null) {
                return null;
            }
            String conversationId = delivery.getConversationId();
            return switch (Word.parse(ReceiptKind.class, receipt.getKind()).orElse(null)) {
                case null -> null;
                case DELIVERED -> ServerFrames.messageDelivered(conversationId, receipt);
                case READ -> ServerFrames.messageReadReceipt(conversationId, receipt);
            };
        }

        private Polled polled(Runnable wake) {
            String cursor = cursor(user, next);
            if (frames.isEmpty()) {
                return new Nothing(cursor);
            }
            waiters.remove(user, wake);
            return new Frames(List.copyOf(frames), cursor);
        }
    }
}
