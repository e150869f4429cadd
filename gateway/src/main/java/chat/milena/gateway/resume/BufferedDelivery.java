package chat.milena.gateway.resume;

import chat.milena.gateway.delivery.DeliveryCodec;
import chat.milena.gateway.delivery.LoggedDelivery;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.key.UserKey;

/// A delivery that is kept for clients that come back: as the log holds it, a fraction of what it takes decoded, and
/// marks of the users whom it may concern. Immutable.
final class BufferedDelivery {
    private static final int[] NOBODY = {};
    /// Of objects and of a place among all, beside what grows.
    private static final int OVERHEAD_BYTES = 160;
    /// A mark here and a place in the user's queue, of which half is empty as a rule.
    private static final int BYTES_PER_USER = 20;

    private final int shard;
    private final long offset;
    private final long timestampMillis;
    private final byte[] value;
    private final int[] marks;

    private BufferedDelivery(LoggedDelivery placed, int[] marks) {
        this.shard = placed.shard();
        this.offset = placed.offset();
        this.timestampMillis = placed.timestampMillis();
        this.value = placed.value();
        this.marks = marks;
    }

    static BufferedDelivery of(LoggedDelivery placed) {
        Delivery delivery = placed.delivery();
        // An outcome alone is told once, to the connection that waits for it.
        if (!hasNews(delivery)) {
            return new BufferedDelivery(placed, NOBODY);
        }
        int[] marks = delivery.getRecipients().stream()
                .mapToInt(userId -> mark(delivery.getTenant(), userId))
                .distinct()
                .toArray();
        return new BufferedDelivery(placed, marks);
    }

    /// Whether it says something that its recipients are notified of.
    static boolean hasNews(Delivery delivery) {
        return delivery.getEvent() != null
                || delivery.getReceipt() != null
                || delivery.getUser() != null
                || delivery.getPersonal() != null;
    }

    /// Without marks, for who knows whom it concerns.
    static BufferedDelivery ofNobody(LoggedDelivery placed) {
        return new BufferedDelivery(placed, NOBODY);
    }

    /// What a user's deliveries are found by; others' may be among them.
    static int mark(UserKey user) {
        return mark(user.tenant(), user.userId());
    }

    private static int mark(String tenant, String userId) {
        return 31 * tenant.hashCode() + userId.hashCode();
    }

    int shard() {
        return shard;
    }

    long offset() {
        return offset;
    }

    /// When it was written.
    long timestampMillis() {
        return timestampMillis;
    }

    /// Those of the users whom it may concern, each once; not to be written to.
    int[] marks() {
        return marks;
    }

    /// Its size in the log.
    int size() {
        return value.length;
    }

    /// About what it takes in memory.
    int bytes() {
        return value.length + OVERHEAD_BYTES + marks.length * BYTES_PER_USER;
    }

    LoggedDelivery decoded(DeliveryCodec codec) {
        return codec.decode(shard, offset, timestampMillis, value);
    }
}
