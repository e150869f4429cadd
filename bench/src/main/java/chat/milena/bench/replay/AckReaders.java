package chat.milena.bench.replay;

import chat.milena.bench.answer.AckReadReport;
import chat.milena.bench.answer.AckVerifier;
import chat.milena.bench.frame.ServerFrame;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Lets another member of the group read after every acked line, or the sender if there is no other.
///
/// Permits bound the lines between their hand-over and the end of their reads. So reads begin with the ack, and a
/// slow reader slows the replay. Thread-safe.
final class AckReaders implements AutoCloseable {
    private final AckVerifier verifier;
    private final Semaphore room;
    private final int roomAtFirst;
    private volatile Map<String, List<String>> readers = Map.of();

    private AckReaders(AckVerifier verifier, int acksAtOnce) {
        this.verifier = verifier;
        this.room = new Semaphore(acksAtOnce);
        this.roomAtFirst = acksAtOnce;
    }

    /// Null if the options request no reading.
    static @Nullable AckReaders of(ReplayOptions options) {
        ReplayOptions.Reading reading = options.checks().reading();
        return reading == null
                ? null
                : new AckReaders(
                        new AckVerifier(
                                reading.origins(), options.tokens(), reading.acksAtOnce(), options.giveUpAfter()),
                        reading.acksAtOnce());
    }

    /// @param steady the permanent members of each conversation
    void choose(Map<String, List<String>> steady) {
        readers = Map.copyOf(steady);
    }

    Semaphore room() {
        return room;
    }

    /// Returns the permit of the line after its reads.
    void acked(String speaker, ServerFrame.MessageAck ack) {
        List<String> steady = readers.getOrDefault(ack.conversationId(), List.of());
        verifier.acked(
                reader(steady, speaker, ack.sequenceNumber()),
                ack.conversationId(),
                ack.messageId(),
                ack.sequenceNumber(),
                room::release);
    }

    /// Selects a steady member to read an ack: in turn, and not the sender if there is another.
    static String reader(List<String> steady, String speaker, long number) {
        for (int i = 0; i < steady.size(); i++) {
            String userId = steady.get((int) ((number + i) % steady.size()));
            if (!userId.equals(speaker)) {
                return userId;
            }
        }
        return speaker;
    }

    /// Whether no line holds a permit.
    boolean idle() {
        return room.availablePermits() == roomAtFirst;
    }

    long verified() {
        return verifier.verified();
    }

    AckReadReport report() {
        return verifier.report();
    }

    @Override
    public void close() {
        verifier.close();
    }
}
