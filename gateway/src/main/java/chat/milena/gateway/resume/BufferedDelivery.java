package chat.milena.gateway.resume;

import chat.milena.gateway.delivery.DeliveryCodec;
import chat.milena.gateway.delivery.LoggedDelivery;
import chat.milena.gateway.delivery.OwnFrames;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.key.UserKey;

/// A delivery that is buffered for clients that resume: in the form of the log, a fraction of its decoded size,
/// with marks of its possible recipients. Immutable.
final class BufferedDelivery {
    private static final int[] NOBODY = {};
    /// Objects and one entry in the list of all, without the growing parts.
    private static final int OVERHEAD_BYTES = 160;
    /// A mark here and an entry in the user's queue, which is usually half empty.
    private static final int BYTES_PER_USER = 20;

    private final int shard;
    private final long offset;
    private final long timestampMillis;
    private final byte[] value;
    private final int[] marks;

    private BufferedDelivery(LoggedDelivery logged, int[] marks) {
        this.shard = logged.shard();
        this.offset = logged.offset();
        this.timestampMillis = logged.timestampMillis();
        this.value = logged.value();
        this.marks = marks;
    }

    static BufferedDelivery of(LoggedDelivery logged) {
        Delivery delivery = logged.delivery();
        // An outcome without an event is sent once, to the connection that waits for it.
        if (!hasNews(delivery)) {
            return new BufferedDelivery(logged, NOBODY);
        }
        int[] marks = delivery.getRecipients().stream()
                .mapToInt(userId -> mark(delivery.getTenant(), userId))
                .distinct()
                .toArray();
        return new BufferedDelivery(logged, marks);
    }

    /// Whether its recipients are notified of it.
    static boolean hasNews(Delivery delivery) {
        return delivery.getEvent() != null || delivery.getReceipt() != null || OwnFrames.of(delivery) != null;
    }

    /// Without marks, for a caller that knows its recipient.
    static BufferedDelivery ofNobody(LoggedDelivery logged) {
        return new BufferedDelivery(logged, NOBODY);
    }

    /// The key by which a user's deliveries are found; it may match other users too.
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

    /// The marks of its possible recipients, each once; not to be modified.
    int[] marks() {
        return marks;
    }

    /// Its size in the log.
    int size() {
        return value.length;
    }

    /// Its approximate size in memory.
    int bytes() {
        return value.length + OVERHEAD_BYTES + marks.length * BYTES_PER_USER;
    }

    LoggedDelivery decoded(DeliveryCodec codec) {
        return codec.decode(shard, offset, timestampMillis, value);
    }
}
