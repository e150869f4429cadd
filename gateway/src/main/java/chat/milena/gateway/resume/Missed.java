package chat.milena.gateway.resume;

import chat.milena.gateway.delivery.PlacedDelivery;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.key.UserKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// What one client has missed, gathered in the order of its shard. For one thread.
final class Missed {
    private final UserKey user;
    private final ResumeConfig config;
    private final AtomicLong bytesOfAll;
    private final List<Delivery> deliveries = new ArrayList<>();
    private long bytes;

    /// @param bytesOfAll what all clients together have missed; given back by [#release]
    Missed(UserKey user, ResumeConfig config, AtomicLong bytesOfAll) {
        this.user = user;
        this.config = config;
        this.bytesOfAll = bytesOfAll;
    }

    /// Adds those that concern the user. Whatever else a delivery holds, such as another device's outcome, is not told
    /// again.
    void add(List<PlacedDelivery> placed) {
        for (PlacedDelivery next : placed) {
            Delivery delivery = next.delivery();
            if (delivery.getTenant().equals(user.tenant())
                    && delivery.getRecipients().contains(user.userId())
                    && (delivery.getEvent() != null || delivery.getReceipt() != null)) {
                deliveries.add(delivery);
                bytes += next.bytes();
                bytesOfAll.addAndGet(next.bytes());
            }
        }
    }

    /// Fails if it is more than a client may have missed, or all have.
    void check() throws NotResumableException {
        if (deliveries.size() > config.missedDeliveriesMax() || bytes > config.missedBytesMax()) {
            throw new NotResumableException(ResumeResult.TOO_MUCH);
        }
        if (bytesOfAll.get() > config.missedBytesOfAllMax()) {
            throw new NotResumableException(ResumeResult.BUSY);
        }
    }

    List<Delivery> deliveries() {
        return deliveries;
    }

    /// Whoever held them is through with them.
    void release() {
        bytesOfAll.addAndGet(-bytes);
        bytes = 0;
        deliveries.clear();
    }
}
