package chat.milena.push.classify;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/// Which records of a partition are asked about without a recorded outcome, and so up to where a restart reads again.
/// For one thread.
///
/// The committed position is that of the first such record. The metadata of the commit names the others, and where
/// the records begin that were not read, so that a restart asks about exactly these. It is a number and then the
/// distances from each to the next, seven bits a byte, in Base64: 1,000 of them fit into the 4,096 characters that
/// Kafka takes, for distances up to two million.
///
/// **Bound:** the caller begins at most [#OPEN_MAX], and as many as it reads between two commits.
final class AskedOffsets {
    static final int OPEN_MAX = 1_000;

    private static final int METADATA_CHARS_MAX = 4_096;
    private static final int BITS = 7;
    private static final int MORE = 1 << BITS;

    private final NavigableSet<Long> open = new TreeSet<>();
    /// Those of a restart that were not read again yet: compaction may have removed them.
    private final NavigableSet<Long> unread = new TreeSet<>();
    private long next;
    private @Nullable OffsetAndMetadata committed;

    /// @param position of the consumer
    /// @param committed what was committed last; null if nothing was
    AskedOffsets(long position, @Nullable OffsetAndMetadata committed) {
        this.next = position;
        if (committed != null && committed.offset() == position) {
            restore(position, committed.metadata());
        }
    }

    private void restore(long position, String metadata) {
        if (metadata.isEmpty()) {
            return;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(metadata));
            long end = position + number(bytes);
            NavigableSet<Long> left = new TreeSet<>();
            for (long offset = position; ; offset += number(bytes)) {
                left.add(offset);
                if (!bytes.hasRemaining()) {
                    break;
                }
            }
            next = end;
            unread.addAll(left);
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            // Not ours: everything from the position on is read.
            next = position;
        }
    }

    /// Whether a record had its outcome before the restart.
    boolean isDone(long offset) {
        return offset < next && !unread.contains(offset);
    }

    /// A record is asked about.
    void begins(long offset) {
        unread.remove(offset);
        open.add(offset);
        next = Math.max(next, offset + 1);
    }

    /// Everything before this position was read: what a restart left open and was not there is gone.
    void readUpTo(long position) {
        unread.headSet(position, false).clear();
        next = Math.max(next, position);
    }

    /// The outcome is recorded with the next commit.
    void ends(long offset) {
        open.remove(offset);
    }

    /// The records without an outcome.
    int size() {
        return open.size() + unread.size();
    }

    /// What to commit; null if nothing has moved since the last call.
    @Nullable
    OffsetAndMetadata commit() {
        OffsetAndMetadata present = present();
        if (present.equals(committed)) {
            return null;
        }
        committed = present;
        return present;
    }

    private OffsetAndMetadata present() {
        NavigableSet<Long> left = new TreeSet<>(open);
        left.addAll(unread);
        if (left.isEmpty()) {
            return new OffsetAndMetadata(next);
        }
        long end = next;
        String metadata = encoded(left, end);
        while (metadata.length() > METADATA_CHARS_MAX) {
            // What comes behind this one may be asked about again after a kill.
            end = left.removeLast();
            metadata = encoded(left, end);
        }
        return new OffsetAndMetadata(left.getFirst(), metadata);
    }

    private static String encoded(NavigableSet<Long> left, long end) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long from = left.getFirst();
        write(bytes, end - from);
        for (long offset : left.tailSet(from, false)) {
            write(bytes, offset - from);
            from = offset;
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    private static void write(ByteArrayOutputStream bytes, long number) {
        long rest = number;
        for (; rest >= MORE; rest >>>= BITS) {
            bytes.write((int) (rest & (MORE - 1)) | MORE);
        }
        bytes.write((int) rest);
    }

    private static long number(ByteBuffer bytes) {
        long number = 0;
        for (int shift = 0; ; shift += BITS) {
            int next = bytes.get();
            number |= (long) (next & (MORE - 1)) << shift;
            if ((next & MORE) == 0) {
                return number;
            }
        }
    }
}
