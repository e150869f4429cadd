package chat.milena.gateway.delivery;

import chat.milena.schemas.avro.MovedReceipt;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Merges receipts of one reader. Pure.
public final class MovedReceipts {
    private static final int MESSAGES_MAX = 100;

    private MovedReceipts() {}

    /// The further of the two, naming the messages of both.
    public static MovedReceipt together(MovedReceipt before, MovedReceipt next) {
        Set<String> messageIds = new LinkedHashSet<>(before.getMessageIds());
        messageIds.addAll(next.getMessageIds());
        MovedReceipt further = next.getUpToSequence() > before.getUpToSequence() ? next : before;
        return new MovedReceipt(
                further.getUserId(),
                further.getKind(),
                further.getUpToSequence(),
                further.getTimestamp(),
                List.copyOf(messageIds),
                null);
    }

    /// Whether it names no more messages than one frame should.
    public static boolean fitsAFrame(MovedReceipt receipt) {
        return receipt.getMessageIds().size() <= MESSAGES_MAX;
    }
}
