package chat.milena.gateway.resume;

import chat.milena.gateway.delivery.PlacedDelivery;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.EventKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What one client has missed, gathered in the order of its shard. For one thread.
final class Missed {
    private final UserKey user;
    private final ResumeConfig config;
    private final AtomicLong bytesOfAll;
    private final List<PlacedDelivery> placed = new ArrayList<>();
    private long bytes;

    /// @param bytesOfAll what all clients together have missed; given back by [#release]
    Missed(UserKey user, ResumeConfig config, AtomicLong bytesOfAll) {
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
    void add(List<PlacedDelivery> next) {
        next.forEach(this::add);
    }

    /// Adds this one, if it concerns the user.
    void add(PlacedDelivery delivery) {
        if (concernsUser(delivery.delivery())) {
            if (leaves(delivery.delivery().getEvent())) {
                forget(delivery.delivery().getConversationId());
            }
            placed.add(delivery);
            count(delivery.bytes());
        }
    }

    private boolean concernsUser(Delivery delivery) {
        return delivery.getTenant().equals(user.tenant())
                && delivery.getRecipients().contains(user.userId())
                && (delivery.getEvent() != null || delivery.getReceipt() != null);
    }

    private boolean leaves(@Nullable TimelineEvent event) {
        return event != null
                && event.getKind().equals(EventKind.MEMBER_REMOVED.word())
                && event.getParticipants().stream()
                        .anyMatch(participant -> participant.getUserId().equals(user.userId()));
    }

    /// Who is in a conversation no longer is told nothing of its past.
    private void forget(String conversationId) {
        placed.removeIf(earlier -> {
            boolean ofIt = earlier.delivery().getConversationId().equals(conversationId);
            if (ofIt) {
                count(-earlier.bytes());
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
        if (placed.size() > config.missedDeliveriesMax() || bytes > config.missedBytesMax()) {
            throw new NotResumableException(ResumeResult.TOO_MUCH);
        }
        if (bytesOfAll.get() > config.missedBytesOfAllMax()) {
            throw new NotResumableException(ResumeResult.BUSY);
        }
    }

    /// All of them, in order, with their places.
    List<PlacedDelivery> placed() {
        return List.copyOf(placed);
    }

    /// All of them, in order.
    List<Delivery> deliveries() {
        return placed.stream().map(PlacedDelivery::delivery).toList();
    }

    /// Whoever held them is through with them.
    void release() {
        count(-bytes);
        placed.clear();
    }
}
