package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.word.CommandKind;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.Word;
import chat.milena.topology.conversation.Command;
import org.jspecify.annotations.Nullable;

/// Reads commands from inbound records. Pure.
final class CommandReader {
    private CommandReader() {}

    /// The command, or null if this version does not know its kind or its section is missing.
    static @Nullable Command read(InboundCommand inbound) {
        CommandKind kind = Word.parse(CommandKind.class, inbound.getKind()).orElse(null);
        return switch (kind) {
            case null -> null;
            case MESSAGE_SEND -> {
                var message = inbound.getMessage();
                yield message == null ? null : new Command.SendMessage(inbound.getUserId(), message);
            }
            case CONVERSATION_CREATE -> {
                var create = inbound.getConversation();
                yield create == null ? null : create(inbound.getUserId(), create);
            }
        };
    }

    private static @Nullable Command create(String userId, CreateConversation create) {
        ConversationType type =
                Word.parse(ConversationType.class, create.getType()).orElse(null);
        if (type == null) {
            return null;
        }
        ConversationSettings settings =
                create.getSettings() == null ? new ConversationSettings(false, false) : create.getSettings();
        return new Command.CreateConversation(userId, type, create.getName(), settings, create.getParticipantIds());
    }
}
