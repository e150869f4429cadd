package chat.milena.bench.replay;

import chat.milena.bench.answer.AckReadReport;
import chat.milena.bench.answer.AckVerifier;
import chat.milena.bench.frame.ServerFrame;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Has every acked line read by another member of its group, and by who said it only where there is no other.
///
/// Lines under way, from being handed over until read after, are bounded by permits, so that reads begin with the ack
/// and a slow reader slows the replay. Thread-safe.
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

    /// Null where the options ask for no reading.
    static @Nullable AckReaders of(ReplayOptions options) {
        ReplayOptions.Reading reading = options.reading();
        return reading == null
                ? null
                : new AckReaders(
                        new AckVerifier(
                                reading.origins(), options.tokens(), reading.acksAtOnce(), options.giveUpAfter()),
                        reading.acksAtOnce());
    }

    /// @param steady who is a member of each conversation all the time
    void choose(Map<String, List<String>> steady) {
        readers = Map.copyOf(steady);
    }

    Semaphore room() {
        return room;
    }

    /// Gives the permit of the line back when it has been read.
    void acked(String speaker, ServerFrame.MessageAck ack) {
        List<String> steady = readers.getOrDefault(ack.conversationId(), List.of());
        verifier.acked(
                reader(steady, speaker, ack.sequenceNumber()),
                ack.conversationId(),
                ack.messageId(),
                ack.sequenceNumber(),
                room::release);
    }

    /// Who of the steady members reads an ack: in turn, and another than spoke, where there is one.
    static String reader(List<String> steady, String speaker, long number) {
        for (int i = 0; i < steady.size(); i++) {
            String userId = steady.get((int) ((number + i) % steady.size()));
            if (!userId.equals(speaker)) {
                return userId;
            }
        }
        return speaker;
    }

    /// Whether no line is under way.
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
