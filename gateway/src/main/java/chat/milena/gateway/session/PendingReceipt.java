package chat.milena.gateway.session;

import chat.milena.protocol.frame.ClientFrame.Receipt;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.word.ReceiptKind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Receipts of one kind for one conversation, merged: the furthest number and all messages that they name.
/// Immutable.
///
/// @param ids the request ids of the frames to answer
/// @param sinceMillis when the first of them came
public record PendingReceipt(
        Target target, @Nullable Long upTo, Set<String> messageIds, List<String> ids, long sinceMillis) {
    private static final int MESSAGES_MAX = 100;
    private static final int IDS_MAX = 32;

    /// The conversation and kind.
    public record Target(
            String conversationId,
            ReceiptKind kind,
            @Nullable String threadOf) {}

    public static PendingReceipt of(Receipt frame, long nowMillis) {
        return new PendingReceipt(
                new Target(frame.conversationId(), frame.kind(), frame.mark().getThreadOf()),
                frame.mark().getThreadOf() == null
                        ? frame.mark().getUpToSequence()
                        : frame.mark().getUpToOrdinal(),
                new LinkedHashSet<>(frame.mark().getMessageIds()),
                frame.id() == null ? List.of() : List.of(frame.id()),
                nowMillis);
    }

    /// This and a later one, merged.
    ///
    /// @return null if they are too much for one
    @Nullable
    PendingReceipt with(PendingReceipt later) {
        Set<String> messages = new LinkedHashSet<>(messageIds);
        messages.addAll(later.messageIds);
        if (messages.size() > MESSAGES_MAX || ids.size() + later.ids.size() > IDS_MAX) {
            return null;
        }
        List<String> all = new ArrayList<>(ids);
        all.addAll(later.ids);
        return new PendingReceipt(target, further(upTo, later.upTo), messages, all, sinceMillis);
    }

    private static @Nullable Long further(@Nullable Long one, @Nullable Long other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return Math.max(one, other);
    }

    /// The section of its command.
    ///
    /// @param deviceId of its connection; null for none
    public MarkReceipt mark(@Nullable String deviceId) {
        return target.threadOf() == null
                ? new MarkReceipt(upTo, List.copyOf(messageIds), null, null, deviceId)
                : new MarkReceipt(null, List.of(), target.threadOf(), upTo, deviceId);
    }
}
