package chat.milena.push.topology;

import chat.milena.schemas.key.MembershipKey;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// When which candidate must be looked at: a store of moments, in their order. For the stream thread.
///
/// Keys are the moment, as eight big-endian bytes, and the key of the candidate. A scan begins where the last one
/// ended, so that it does not walk over what RocksDB has not removed yet.
final class WakeTimes {
    private static final byte[] NOTHING = new byte[0];

    private final KeyValueStore<Bytes, byte[]> store;
    /// No earlier moment is in the store.
    private long fromMillis;

    WakeTimes(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    /// Moves a candidate from one moment to another.
    void move(MembershipKey candidate, @Nullable Instant from, @Nullable Instant to) {
        if (from != null && !from.equals(to)) {
            store.delete(key(from.toEpochMilli(), candidate));
        }
        if (to != null && !to.equals(from)) {
            store.put(key(to.toEpochMilli(), candidate), NOTHING);
            fromMillis = Math.min(fromMillis, to.toEpochMilli());
        }
    }

    /// The candidates whose moment has come, the earliest first. They stay until they are moved.
    ///
    /// @param max the greatest number of them
    List<MembershipKey> due(Instant now, int max) {
        List<MembershipKey> due = new ArrayList<>();
        long endMillis = now.toEpochMilli() + 1;
        try (KeyValueIterator<Bytes, byte[]> range = store.range(moment(fromMillis), moment(endMillis))) {
            while (range.hasNext() && due.size() < max) {
                KeyValue<Bytes, byte[]> next = range.next();
                ByteBuffer key = ByteBuffer.wrap(next.key.get());
                long millis = key.getLong();
                if (millis >= endMillis) {
                    break;
                }
                if (due.isEmpty()) {
                    fromMillis = millis;
                }
                byte[] candidate = new byte[key.remaining()];
                key.get(candidate);
                due.add(MembershipKey.fromBytes(candidate));
            }
        }
        if (due.isEmpty()) {
            fromMillis = endMillis;
        }
        return due;
    }

    private static Bytes key(long millis, MembershipKey candidate) {
        byte[] bytes = candidate.toBytes();
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + bytes.length)
                .putLong(millis)
                .put(bytes)
                .array());
    }

    private static Bytes moment(long millis) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(millis).array());
    }
}
