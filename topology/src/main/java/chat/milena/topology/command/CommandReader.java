package chat.milena.topology.command;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Command;
import chat.milena.schemas.avro.ChangeBlock;
import chat.milena.schemas.avro.ChangeMembers;
import chat.milena.schemas.avro.ChangeMessage;
import chat.milena.schemas.avro.ChangePersonal;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Introduction;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageDraft;
import chat.milena.schemas.avro.MuteConversation;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.word.ActorKind;
import chat.milena.schemas.word.CommandKind;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.NotificationLevel;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.schemas.word.Role;
import chat.milena.schemas.word.Word;
import chat.milena.topology.command.CommandReading.Known;
import chat.milena.topology.command.CommandReading.Malformed;
import chat.milena.topology.command.CommandReading.Unknown;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Reads commands from inbound records, and checks the rules that every gateway keeps. Pure.
///
/// The only place that reads a command's kind.
public final class CommandReader {
    /// Maximum number of messages in a receipt; each costs a lookup.
    private static final int RECEIPT_MESSAGES_MAX = 100;

    /// In code points.
    private static final int REASON_CHARACTERS_MAX = 200;

    private static final int MENTIONS_MAX = 50;
    private static final int EMOJI_CODE_POINTS_MAX = 32;

    /// In code points.
    private static final int DRAFT_CHARACTERS_MAX = 4_000;

    private static final int ADDRESS_CHARS_MAX = 2_048;
    private static final int CUSTOM_CHARS_MAX = 4_096;

    private CommandReader() {}

    /// Reads the record of a key.
    public static CommandReading read(ConversationKey key, InboundCommand inbound) {
        String broken = brokenEnvelope(key, inbound);
        if (broken != null) {
            return new Malformed(broken);
        }
        if (Word.parse(ActorKind.class, inbound.getActorKind()).isEmpty()) {
            return new Unknown(inbound.getActorKind());
        }
        CommandKind kind = Word.parse(CommandKind.class, inbound.getKind()).orElse(null);
        return switch (kind) {
            case null -> new Unknown(inbound.getKind());
            case MESSAGE_SEND -> send(inbound, inbound.getMessage());
            case MESSAGE_EDIT -> change(inbound, CommandReader::edit);
            case MESSAGE_DELETE -> change(inbound, CommandReader::delete);
            case MESSAGE_REACT -> change(inbound, CommandReader::react);
            case MESSAGE_PIN -> change(inbound, CommandReader::pin);
            case MESSAGE_REPORT -> ReportCommandReader.report(actor(inbound), inbound.getReport());
            case MESSAGE_FLAG -> ReportCommandReader.flag(actor(inbound), inbound.getFlag());
            case MESSAGE_DECIDE -> ReportCommandReader.decide(actor(inbound), inbound.getDecision());
            case MESSAGE_DELIVERED -> receipt(inbound, ReceiptKind.DELIVERED, inbound.getReceipt());
            case MESSAGE_READ -> receipt(inbound, ReceiptKind.READ, inbound.getReceipt());
            case THREAD_FOLLOW -> change(inbound, (command, thread) -> follow(command, thread, false));
            case THREAD_UNFOLLOW -> change(inbound, (command, thread) -> follow(command, thread, true));
            case CONVERSATION_CREATE -> create(inbound, inbound.getConversation());
            case CONVERSATION_UPDATE -> update(inbound, inbound.getUpdate());
            case MEMBER_ADD -> members(inbound, CommandReader::addMembers);
            case MEMBER_REMOVE -> oneMember(inbound, CommandReader::removeMember);
            case MEMBER_ROLE -> oneMember(inbound, CommandReader::changeRole);
            case MEMBER_MUTE -> mute(inbound, inbound.getMute());
            case MEMBER_ACCEPT ->
                new Known(new Command.Keep(
                        actor(inbound),
                        ChangePersonal.newBuilder().setAccepts(true).build()));
            case MEMBER_PERSONAL -> personal(inbound, inbound.getPersonal());
            case MEMBER_BLOCK -> block(inbound, inbound.getBlock());
            case USER_PROFILE, USER_BLOCK, USER_DEVICE, USER_NOTIFICATIONS, USER_WARNINGS, PUSH_CLAIM, MODERATION_BAN ->
                new Malformed("kind: a command of the log of users");
        };
    }

    private static @Nullable String brokenEnvelope(ConversationKey key, InboundCommand inbound) {
        if (!Ids.isValid(inbound.getTenant())) {
            return "tenant: not an id";
        }
        if (!Ids.isValid(inbound.getConversationId())) {
            return "conversationId: not an id";
        }
        if (!Ids.isValid(inbound.getUserId())) {
            return "userId: not an id";
        }
        boolean same =
                key.tenant().equals(inbound.getTenant()) && key.conversationId().equals(inbound.getConversationId());
        return same ? null : "key: of another conversation than the value";
    }

    /// A kind of a later version is rejected before.
    private static Actor actor(InboundCommand inbound) {
        ActorKind kind = Word.parse(ActorKind.class, inbound.getActorKind()).orElseThrow();
        return new Actor(inbound.getUserId(), kind);
    }

    private static CommandReading send(InboundCommand inbound, @Nullable Message message) {
        if (message == null) {
            return new Malformed("message: missing");
        }
        if (!Ids.isValidMessageId(message.getMessageId())) {
            return new Malformed("messageId: not an id");
        }
        if (isBroken(message.getContent())) {
            return new Malformed("mentions: too many, or one is not an id");
        }
        if (message.getThread() != null
                && !Ids.isValidMessageId(message.getThread().getRoot().getMessageId())) {
            return new Malformed("threadOf: not an id");
        }
        return message.getReplyTo() == null
                        || Ids.isValidMessageId(message.getReplyTo().getMessageId())
                ? new Known(new Command.SendMessage(actor(inbound), message))
                : new Malformed("replyTo: not an id");
    }

    private static boolean isBroken(Content content) {
        Mentions mentions = content.getMentions();
        return mentions != null
                && (mentions.getUserIds().size() > MENTIONS_MAX
                        || !mentions.getUserIds().stream().allMatch(Ids::isValid));
    }

    private static CommandReading change(
            InboundCommand inbound, BiFunction<InboundCommand, ChangeMessage, CommandReading> read) {
        ChangeMessage change = inbound.getChange();
        if (change == null) {
            return new Malformed("change: missing");
        }
        return Ids.isValidMessageId(change.getMessageId())
                ? read.apply(inbound, change)
                : new Malformed("messageId: not an id");
    }

    private static CommandReading edit(InboundCommand inbound, ChangeMessage change) {
        if (change.getContent() == null) {
            return new Malformed("content: missing");
        }
        return isBroken(change.getContent())
                ? new Malformed("mentions: too many, or one is not an id")
                : new Known(new Command.EditMessage(
                        actor(inbound), change.getMessageId(), change.getContent(), change.getRevision()));
    }

    private static CommandReading delete(InboundCommand inbound, ChangeMessage change) {
        String reason = change.getReason();
        return reason != null && reason.codePointCount(0, reason.length()) > REASON_CHARACTERS_MAX
                ? new Malformed("reason: too long")
                : new Known(new Command.DeleteMessage(actor(inbound), change.getMessageId(), reason));
    }

    private static CommandReading react(InboundCommand inbound, ChangeMessage change) {
        String emoji = change.getEmoji();
        if (emoji == null || emoji.isEmpty()) {
            return new Malformed("emoji: missing");
        }
        return emoji.codePointCount(0, emoji.length()) > EMOJI_CODE_POINTS_MAX
                ? new Malformed("emoji: too long")
                : new Known(
                        new Command.ReactToMessage(actor(inbound), change.getMessageId(), emoji, change.getRemove()));
    }

    private static CommandReading pin(InboundCommand inbound, ChangeMessage change) {
        return new Known(new Command.PinMessage(actor(inbound), change.getMessageId(), change.getRemove()));
    }

    private static CommandReading follow(InboundCommand inbound, ChangeMessage thread, boolean ends) {
        return new Known(new Command.FollowThread(actor(inbound), thread.getMessageId(), ends));
    }

    private static CommandReading readThread(InboundCommand inbound, MarkReceipt receipt) {
        Long upTo = receipt.getUpToOrdinal();
        if (!Ids.isValidMessageId(receipt.getThreadOf())) {
            return new Malformed("threadOf: not an id");
        }
        return upTo == null || upTo < 0
                ? new Malformed("upToOrdinal: missing or below 0")
                : new Known(new Command.ReadThread(actor(inbound), receipt.getThreadOf(), upTo));
    }

    private static CommandReading receipt(InboundCommand inbound, ReceiptKind kind, @Nullable MarkReceipt receipt) {
        if (receipt == null) {
            return new Malformed("receipt: missing");
        }
        if (receipt.getThreadOf() != null && kind == ReceiptKind.READ) {
            return readThread(inbound, receipt);
        }
        Long upTo = receipt.getUpToSequence();
        List<String> messageIds = receipt.getMessageIds();
        if (upTo == null && messageIds.isEmpty()) {
            return new Malformed("upToSequence: missing");
        }
        if (upTo != null && upTo < 0) {
            return new Malformed("upToSequence: below 0");
        }
        if (messageIds.size() > RECEIPT_MESSAGES_MAX) {
            return new Malformed("messageIds: too many");
        }
        return messageIds.stream().allMatch(Ids::isValidMessageId)
                ? new Known(new Command.MarkReceipt(actor(inbound), kind, upTo, messageIds))
                : new Malformed("messageIds: one is not an id");
    }

    private static CommandReading create(InboundCommand inbound, @Nullable CreateConversation create) {
        if (create == null) {
            return new Malformed("conversation: missing");
        }
        if (!create.getParticipantIds().stream().allMatch(Ids::isValid)) {
            return new Malformed("participantIds: one is not an id");
        }
        ConversationType type =
                Word.parse(ConversationType.class, create.getType()).orElse(null);
        if (type == null) {
            return new Unknown(create.getType());
        }
        ConversationSettings settings = create.getSettings() == null
                ? new ConversationSettings(false, false, true, false, 0, false)
                : create.getSettings();
        return new Known(new Command.CreateConversation(
                actor(inbound),
                type,
                create.getName(),
                settings,
                create.getParticipantIds(),
                introduction(inbound).getAccepted()));
    }

    private static CommandReading update(InboundCommand inbound, @Nullable UpdateConversation update) {
        if (update == null) {
            return new Malformed("update: missing");
        }
        return length(update.getAvatarUrl()) > ADDRESS_CHARS_MAX || length(update.getCustom()) > CUSTOM_CHARS_MAX
                ? new Malformed("update: too long")
                : new Known(new Command.Update(actor(inbound), update));
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private static CommandReading members(
            InboundCommand inbound, BiFunction<InboundCommand, ChangeMembers, CommandReading> read) {
        ChangeMembers members = inbound.getMembers();
        if (members == null) {
            return new Malformed("members: missing");
        }
        return members.getUserIds().stream().allMatch(Ids::isValid)
                ? read.apply(inbound, members)
                : new Malformed("userIds: one is not an id");
    }

    private static CommandReading oneMember(
            InboundCommand inbound, BiFunction<InboundCommand, ChangeMembers, CommandReading> read) {
        return members(
                inbound,
                (command, members) -> members.getUserIds().size() == 1
                        ? read.apply(command, members)
                        : new Malformed("userIds: not one"));
    }

    private static CommandReading addMembers(InboundCommand inbound, ChangeMembers members) {
        Introduction introduction = introduction(inbound);
        return new Known(new Command.AddMembers(
                actor(inbound), members.getUserIds(), introduction.getAccepted(), introduction.getContactIds()));
    }

    private static CommandReading removeMember(InboundCommand inbound, ChangeMembers members) {
        return new Known(
                new Command.RemoveMember(actor(inbound), members.getUserIds().getFirst()));
    }

    private static CommandReading changeRole(InboundCommand inbound, ChangeMembers members) {
        if (members.getRole() == null) {
            return new Malformed("role: missing");
        }
        Role role = Word.parse(Role.class, members.getRole()).orElse(null);
        return role == null
                ? new Unknown(members.getRole())
                : new Known(new Command.ChangeRole(
                        actor(inbound), members.getUserIds().getFirst(), role));
    }

    private static CommandReading mute(InboundCommand inbound, @Nullable MuteConversation mute) {
        return mute == null
                ? new Malformed("mute: missing")
                : new Known(new Command.Mute(actor(inbound), mute.getUntil()));
    }

    private static CommandReading personal(InboundCommand inbound, @Nullable ChangePersonal change) {
        if (change == null) {
            return new Malformed("personal: missing");
        }
        if (isNegative(change.getUnreadFrom()) || isNegative(change.getClearedUpTo())) {
            return new Malformed("personal: a number below 0");
        }
        String level = change.getNotificationLevel();
        if (level != null
                && !level.isEmpty()
                && Word.parse(NotificationLevel.class, level).isEmpty()) {
            return new Malformed("notificationLevel: not a level");
        }
        MessageDraft draft = change.getDraft();
        if (draft != null && draft.getText().codePointCount(0, draft.getText().length()) > DRAFT_CHARACTERS_MAX) {
            return new Malformed("draft: too long");
        }
        return draft != null && draft.getReplyTo() != null && !Ids.isValidMessageId(draft.getReplyTo())
                ? new Malformed("draft.replyTo: not an id")
                : new Known(new Command.Keep(actor(inbound), change));
    }

    private static CommandReading block(InboundCommand inbound, @Nullable ChangeBlock block) {
        if (block == null) {
            return new Malformed("block: missing");
        }
        if (!Ids.isValid(block.getUserId()) || block.getUserId().equals(inbound.getUserId())) {
            return new Malformed("block.userId: not the id of somebody else");
        }
        String direct = Ids.directConversation(inbound.getTenant(), inbound.getUserId(), block.getUserId());
        return direct.equals(inbound.getConversationId())
                ? new Known(new Command.Block(actor(inbound), block.getUserId(), block.getBlocked()))
                : new Malformed("conversationId: not that of the two");
    }

    private static boolean isNegative(@Nullable Long number) {
        return number != null && number < 0;
    }

    private static Introduction introduction(InboundCommand inbound) {
        return inbound.getIntroduction() == null ? new Introduction(false, List.of()) : inbound.getIntroduction();
    }
}
