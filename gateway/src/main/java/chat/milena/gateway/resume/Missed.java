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
import org.jspecify.annotations.Nullable;

/// What one client has missed, gathered in the order of its shard. For one thread.
///
/// It is held as the log holds it, shared with whatever else is kept of that, and decoded once more when it is written:
/// decoded it takes many times as much, above all where it is for many.
final class Missed {
    private final UserKey user;
    private final ResumeConfig.Behind config;
    private final AtomicLong bytesOfAll;
    private final Function<BufferedDelivery, LoggedDelivery> decode;
    private final List<Held> held = new ArrayList<>();
    private final MessageChanges changes = new MessageChanges();
    private long bytes;

    private record Held(BufferedDelivery delivery, String conversationId) {}

    /// @param bytesOfAll what all clients together have missed; given back by [#release]
    /// @param decode reads what is held
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

    /// Who has missed it.
    UserKey user() {
        return user;
    }

    /// Adds those that concern the user. Whatever else a delivery holds, such as another device's outcome, is not told
    /// again.
    void add(List<LoggedDelivery> next) {
        next.forEach(this::add);
    }

    /// Adds this one, if it concerns the user.
    void add(LoggedDelivery delivery) {
        if (concernsUser(delivery.delivery())) {
            if (leaves(delivery.delivery().getEvent())) {
                forget(delivery.delivery().getConversationId());
            }
            if (delivery.delivery().getEvent() != null) {
                changes.add(delivery.delivery().getEvent());
            }
            held.add(new Held(
                    BufferedDelivery.ofNobody(delivery), delivery.delivery().getConversationId()));
            count(delivery.bytes());
        }
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

    /// Who is in a conversation no longer is told nothing of its past.
    private void forget(String conversationId) {
        held.removeIf(earlier -> {
            boolean ofIt = earlier.conversationId().equals(conversationId);
            if (ofIt) {
                count(-earlier.delivery().size());
            }
            return ofIt;
        });
    }

    private void count(long more) {
        bytes += more;
        bytesOfAll.addAndGet(more);
    }

    /// Fails if it is more than a client may have missed, or all have.
    void check() throws NotResumableException {
        if (held.size() > config.deliveriesMax() || bytes > config.bytesMax()) {
            throw new NotResumableException(ResumeResult.TOO_MUCH);
        }
        if (bytesOfAll.get() > config.bytesOfAllMax()) {
            throw new NotResumableException(ResumeResult.BUSY);
        }
    }

    /// What became of messages within all of them.
    MessageChanges changes() {
        return changes;
    }

    /// All of them, in order, decoded one by one; letting go of them does not end it.
    Iterator<LoggedDelivery> placed() {
        return held.stream().map(Held::delivery).toList().stream().map(decode).iterator();
    }

    /// Whoever held them is through with them.
    void release() {
        count(-bytes);
        held.clear();
    }
}
