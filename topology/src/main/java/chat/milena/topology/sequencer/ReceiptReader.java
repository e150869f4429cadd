package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.word.CommandKind;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.schemas.word.Word;
import chat.milena.topology.conversation.ConversationState;
import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.FirstSend;
import chat.milena.topology.conversation.ReceiptMark;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads receipts from inbound records. Pure but for the look-up of messages, which is made for members alone: what
/// others name, up to 100 messages each time, costs nothing.
final class ReceiptReader {
    private ReceiptReader() {}

    /// The receipt, or null if the command is none.
    ///
    /// @param find what a messageId of this conversation stands for; null if nothing
    static @Nullable ReceiptMark read(
            InboundCommand inbound, ConversationState state, Function<String, @Nullable FirstSend> find) {
        MarkReceipt receipt = inbound.getReceipt();
        ReceiptKind kind = receipt == null ? null : kind(inbound);
        if (receipt == null || kind == null) {
            return null;
        }
        Long furthest = receipt.getUpToSequence();
        List<String> known = new ArrayList<>();
        boolean member = state instanceof Open open && open.members().containsKey(inbound.getUserId());
        for (String messageId : member ? receipt.getMessageIds() : List.<String>of()) {
            FirstSend message = find.apply(messageId);
            if (message != null) {
                known.add(messageId);
                furthest = furthest == null ? message.sequenceNumber() : Math.max(furthest, message.sequenceNumber());
            }
        }
        return new ReceiptMark(inbound.getUserId(), kind, furthest, known);
    }

    private static @Nullable ReceiptKind kind(InboundCommand inbound) {
        CommandKind kind = Word.parse(CommandKind.class, inbound.getKind()).orElse(null);
        return switch (kind) {
            case null -> null;
            case MESSAGE_DELIVERED -> ReceiptKind.DELIVERED;
            case MESSAGE_READ -> ReceiptKind.READ;
            case MESSAGE_SEND,
                    CONVERSATION_CREATE,
                    CONVERSATION_UPDATE,
                    MEMBER_ADD,
                    MEMBER_REMOVE,
                    MEMBER_ROLE,
                    MEMBER_MUTE,
                    MEMBER_ACCEPT -> null;
        };
    }
}
