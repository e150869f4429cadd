package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.ChangeMembers;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.word.CommandKind;
import chat.milena.schemas.word.Word;
import org.jspecify.annotations.Nullable;

/// What holds of every command that a gateway of ours appended. Pure.
///
/// A word that is not known is none of it: a later version may have brought it.
final class InboundRules {
    /// What a receipt may name; each costs a look-up.
    private static final int RECEIPT_MESSAGES_MAX = 100;

    private InboundRules() {}

    /// The rule that is broken, beginning with the field; null if all hold.
    static @Nullable String broken(ConversationKey key, InboundCommand command) {
        if (!Ids.isValid(command.getTenant())) {
            return "tenant: not an id";
        }
        if (!Ids.isValid(command.getConversationId())) {
            return "conversationId: not an id";
        }
        if (!Ids.isValid(command.getUserId())) {
            return "userId: not an id";
        }
        if (!key.equals(new ConversationKey(command.getTenant(), command.getConversationId()))) {
            return "key: of another conversation than the value";
        }
        CommandKind kind = Word.parse(CommandKind.class, command.getKind()).orElse(null);
        return switch (kind) {
            case null -> null;
            case MESSAGE_SEND -> message(command.getMessage());
            case MESSAGE_DELIVERED, MESSAGE_READ -> receipt(command.getReceipt());
            case CONVERSATION_CREATE -> conversation(command.getConversation());
            case CONVERSATION_UPDATE -> command.getUpdate() == null ? "update: missing" : null;
            case MEMBER_ADD -> members(command.getMembers());
            case MEMBER_REMOVE -> oneMember(command.getMembers());
            case MEMBER_ROLE -> role(command.getMembers());
            case MEMBER_MUTE -> command.getMute() == null ? "mute: missing" : null;
            case MEMBER_ACCEPT -> null;
        };
    }

    private static @Nullable String message(@Nullable Message message) {
        if (message == null) {
            return "message: missing";
        }
        return Ids.isValidMessageId(message.getMessageId()) ? null : "messageId: not an id";
    }

    private static @Nullable String receipt(@Nullable MarkReceipt receipt) {
        if (receipt == null) {
            return "receipt: missing";
        }
        Long upTo = receipt.getUpToSequence();
        if (upTo == null ? receipt.getMessageIds().isEmpty() : upTo < 0) {
            return "upToSequence: " + (upTo == null ? "missing" : "below 0");
        }
        if (receipt.getMessageIds().size() > RECEIPT_MESSAGES_MAX) {
            return "messageIds: too many";
        }
        return receipt.getMessageIds().stream().allMatch(Ids::isValidMessageId) ? null : "messageIds: one is not an id";
    }

    private static @Nullable String conversation(@Nullable CreateConversation create) {
        if (create == null) {
            return "conversation: missing";
        }
        return create.getParticipantIds().stream().allMatch(Ids::isValid) ? null : "participantIds: one is not an id";
    }

    private static @Nullable String members(@Nullable ChangeMembers members) {
        if (members == null) {
            return "members: missing";
        }
        return members.getUserIds().stream().allMatch(Ids::isValid) ? null : "userIds: one is not an id";
    }

    private static @Nullable String oneMember(@Nullable ChangeMembers members) {
        String broken = members(members);
        if (broken != null || members == null) {
            return broken;
        }
        return members.getUserIds().size() == 1 ? null : "userIds: not one";
    }

    private static @Nullable String role(@Nullable ChangeMembers members) {
        String broken = oneMember(members);
        if (broken != null || members == null) {
            return broken;
        }
        return members.getRole() == null ? "role: missing" : null;
    }
}
