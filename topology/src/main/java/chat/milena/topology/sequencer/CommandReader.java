package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.ChangeMembers;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Introduction;
import chat.milena.schemas.word.CommandKind;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.Role;
import chat.milena.schemas.word.Word;
import chat.milena.topology.conversation.Command;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads commands from inbound records. Pure.
final class CommandReader {
    private CommandReader() {}

    /// The command, or null if this version does not know its kind or its section is missing.
    ///
    /// @param left those whom it brings in who left the conversation by themselves
    static @Nullable Command read(InboundCommand inbound, Set<String> left) {
        CommandKind kind = Word.parse(CommandKind.class, inbound.getKind()).orElse(null);
        return switch (kind) {
            case null -> null;
            case MESSAGE_SEND -> {
                var message = inbound.getMessage();
                yield message == null ? null : new Command.SendMessage(inbound.getUserId(), message);
            }
            case CONVERSATION_CREATE -> {
                var create = inbound.getConversation();
                yield create == null ? null : create(inbound, create);
            }
            case CONVERSATION_UPDATE -> {
                var update = inbound.getUpdate();
                yield update == null ? null : new Command.Update(inbound.getUserId(), update);
            }
            case MEMBER_ADD -> {
                var members = inbound.getMembers();
                yield members == null ? null : add(inbound, members.getUserIds(), left);
            }
            case MEMBER_REMOVE -> {
                String member = onlyMember(inbound);
                yield member == null ? null : new Command.RemoveMember(inbound.getUserId(), member);
            }
            case MEMBER_ROLE -> changeRole(inbound);
            // Read by ReceiptReader: they are decided on by rules of their own.
            case MESSAGE_DELIVERED, MESSAGE_READ -> null;
            // Decided on by MembershipRules.
            case MEMBER_MUTE, MEMBER_ACCEPT -> null;
        };
    }

    private static @Nullable String onlyMember(InboundCommand inbound) {
        ChangeMembers members = inbound.getMembers();
        return members == null || members.getUserIds().size() != 1
                ? null
                : members.getUserIds().getFirst();
    }

    private static @Nullable Command changeRole(InboundCommand inbound) {
        String member = onlyMember(inbound);
        String word = inbound.getMembers() == null ? null : inbound.getMembers().getRole();
        Role role = word == null ? null : Word.parse(Role.class, word).orElse(null);
        return member == null || role == null ? null : new Command.ChangeRole(inbound.getUserId(), member, role);
    }

    private static Command add(InboundCommand inbound, List<String> userIds, Set<String> left) {
        Introduction introduction = introduction(inbound);
        Set<String> unwilling = new HashSet<>(left);
        unwilling.removeAll(Set.copyOf(introduction.getContactIds()));
        return new Command.AddMembers(inbound.getUserId(), userIds, introduction.getAccepted(), unwilling);
    }

    private static Introduction introduction(InboundCommand inbound) {
        return inbound.getIntroduction() == null ? new Introduction(false, List.of()) : inbound.getIntroduction();
    }

    private static @Nullable Command create(InboundCommand inbound, CreateConversation create) {
        ConversationType type =
                Word.parse(ConversationType.class, create.getType()).orElse(null);
        if (type == null) {
            return null;
        }
        ConversationSettings settings =
                create.getSettings() == null ? new ConversationSettings(false, false, true) : create.getSettings();
        return new Command.CreateConversation(
                inbound.getUserId(),
                type,
                create.getName(),
                settings,
                create.getParticipantIds(),
                introduction(inbound).getAccepted());
    }
}
