package chat.milena.gateway.resume;

import chat.milena.gateway.delivery.LoggedDelivery;
import chat.milena.gateway.delivery.MessageChanges;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.EventKind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The missed deliveries of one client, in the order of its shard. For one thread.
///
/// They are held in the form of the log, shared with the buffer, and decoded again when they are written: decoded
/// they take many times as much memory, above all those with many recipients.
final class Missed {
    private final UserKey user;
    private final ResumeConfig.Behind config;
    private final AtomicLong bytesOfAll;
    private final Function<BufferedDelivery, LoggedDelivery> decode;
    private final List<Held> held = new ArrayList<>();
    private final MessageChanges changes = new MessageChanges();
    private long bytes;

    /// @param message the number of the event, if it is of a message; else 0
    private record Held(BufferedDelivery delivery, String conversationId, long message) {}

    /// @param bytesOfAll the missed bytes of all clients together; returned by [#release]
    /// @param decode decodes a held delivery
    Missed(
            UserKey user,
            ResumeConfig.Behind config,
            AtomicLong bytesOfAll,
            Function<BufferedDelivery, LoggedDelivery> decode) {
        this.decode = decode;
        this.user = user;
        this.config = config;
        this.bytesOfAll = bytesOfAll;
    }

    /// The user who missed them.
    UserKey user() {
        return user;
    }

    /// Adds those that concern the user. Other parts of a delivery, such as the outcome for another device, are
    /// not sent again.
    void add(List<LoggedDelivery> next) {
        next.forEach(this::add);
    }

    /// Adds this one, if it concerns the user.
    void add(LoggedDelivery logged) {
        Delivery delivery = logged.delivery();
        if (concernsUser(delivery)) {
            String conversationId = delivery.getConversationId();
            TimelineEvent event = delivery.getEvent();
            if (leaves(event)) {
                forget(conversationId, earlier -> true);
            }
            Long clearedUpTo = delivery.getPersonal() == null
                    ? null
                    : delivery.getPersonal().getClearedUpTo();
            if (clearedUpTo != null) {
                forget(conversationId, earlier -> earlier.message() > 0 && earlier.message() <= clearedUpTo);
            }
            if (event != null) {
                changes.add(delivery);
            }
            held.add(new Held(BufferedDelivery.ofNobody(logged), conversationId, message(event)));
            count(logged.bytes());
        }
    }

    private static long message(@Nullable TimelineEvent event) {
        return event != null && (event.getMessage() != null || event.getChange() != null)
                ? event.getSequenceNumber()
                : 0;
    }

    private boolean concernsUser(Delivery delivery) {
        return delivery.getTenant().equals(user.tenant())
                && delivery.getRecipients().contains(user.userId())
                && BufferedDelivery.hasNews(delivery);
    }

    private boolean leaves(@Nullable TimelineEvent event) {
        return event != null
                && event.getKind().equals(EventKind.MEMBER_REMOVED.word())
                && event.getParticipants().stream()
                        .anyMatch(participant -> participant.getUserId().equals(user.userId()));
    }

    /// Drops earlier deliveries of a conversation that the user has since left, or its messages that the user has
    /// since cleared.
    private void forget(String conversationId, Predicate<Held> which) {
        held.removeIf(earlier -> {
            boolean forgotten = earlier.conversationId().equals(conversationId) && which.test(earlier);
            if (forgotten) {
                count(-earlier.delivery().size());
            }
            return forgotten;
        });
    }

    private void count(long more) {
        bytes += more;
        bytesOfAll.addAndGet(more);
    }

    /// Fails if it is more than one client, or all clients, may have missed.
    void check() throws NotResumableException {
        if (held.size() > config.deliveriesMax() || bytes > config.bytesMax()) {
            throw new NotResumableException(ResumeResult.TOO_MUCH);
        }
        if (bytesOfAll.get() > config.bytesOfAllMax()) {
            throw new NotResumableException(ResumeResult.BUSY);
        }
    }

    /// The final state of messages within all of them.
    MessageChanges changes() {
        return changes;
    }

    /// All of them, in order, decoded one by one; releasing them does not end the iteration.
    Iterator<LoggedDelivery> logged() {
        return held.stream().map(Held::delivery).toList().stream().map(decode).iterator();
    }

    /// Releases the missed deliveries and returns their bytes to the budget.
    void release() {
        count(-bytes);
        held.clear();
    }
}
