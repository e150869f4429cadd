package chat.milena.gateway.command;

import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.ChangeBan;
import chat.milena.schemas.avro.ChangeBlock;
import chat.milena.schemas.avro.ChangeDevice;
import chat.milena.schemas.avro.ChangeMembers;
import chat.milena.schemas.avro.ChangeMessage;
import chat.milena.schemas.avro.ChangePersonal;
import chat.milena.schemas.avro.ChangeProfile;
import chat.milena.schemas.avro.ChangeWarnings;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.DecideMessage;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MuteConversation;
import chat.milena.schemas.avro.NotificationSettings;
import chat.milena.schemas.avro.ReportMessage;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.word.CommandKind;
import chat.milena.schemas.word.ReceiptKind;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Makes the commands of one gateway, each with its own number. Safe for all threads.
public final class CommandFactory {
    /// The connection id in the origin of REST commands.
    public static final String NO_CONNECTION = "rest";

    private static final String NO_CONVERSATION = "";

    private final String gatewayId;
    private final Clock clock;
    private final AtomicLong lastCommandId = new AtomicLong();

    /// @param gatewayId a new one at each start, so that outcomes of an earlier run match no sender
    public CommandFactory(String gatewayId, Clock clock) {
        this.gatewayId = gatewayId;
        this.clock = clock;
    }

    /// The gateway id in the origin of these commands.
    public String gatewayId() {
        return gatewayId;
    }

    /// A command to send a message.
    public InboundCommand send(Caller caller, String connectionId, String conversationId, Message message) {
        InboundCommand command = command(caller, connectionId, conversationId, CommandKind.MESSAGE_SEND);
        command.setMessage(message);
        return command;
    }

    /// A command to change a message.
    public InboundCommand change(
            Caller caller, String connectionId, String conversationId, CommandKind kind, ChangeMessage change) {
        InboundCommand command = command(caller, connectionId, conversationId, kind);
        command.setChange(change);
        return command;
    }

    /// A command to move a user's watermark.
    public InboundCommand receipt(
            Caller caller, String connectionId, String conversationId, ReceiptKind kind, MarkReceipt mark) {
        CommandKind command = switch (kind) {
            case DELIVERED -> CommandKind.MESSAGE_DELIVERED;
            case READ -> CommandKind.MESSAGE_READ;
        };
        InboundCommand receipt = command(caller, connectionId, conversationId, command);
        receipt.setReceipt(mark);
        return receipt;
    }

    /// A command to create a conversation.
    public InboundCommand create(
            Caller caller, String connectionId, String conversationId, CreateConversation conversation) {
        InboundCommand command = command(caller, connectionId, conversationId, CommandKind.CONVERSATION_CREATE);
        command.setConversation(conversation);
        return command;
    }

    /// A command to change a group's properties.
    public InboundCommand update(Caller caller, String connectionId, String conversationId, UpdateConversation update) {
        InboundCommand command = command(caller, connectionId, conversationId, CommandKind.CONVERSATION_UPDATE);
        command.setUpdate(update);
        return command;
    }

    /// A command to change the members of a group or their roles.
    public InboundCommand members(
            Caller caller, String connectionId, String conversationId, CommandKind kind, ChangeMembers members) {
        InboundCommand command = command(caller, connectionId, conversationId, kind);
        command.setMembers(members);
        return command;
    }

    /// A command to mute a conversation until a time; null ends the mute.
    public InboundCommand mute(Caller caller, String connectionId, String conversationId, @Nullable Instant until) {
        InboundCommand command = command(caller, connectionId, conversationId, CommandKind.MEMBER_MUTE);
        command.setMute(new MuteConversation(until));
        return command;
    }

    /// A command to change a user's own state of a conversation.
    public InboundCommand personal(Caller caller, String connectionId, String conversationId, ChangePersonal change) {
        InboundCommand command = command(caller, connectionId, conversationId, CommandKind.MEMBER_PERSONAL);
        command.setPersonal(change);
        return command;
    }

    /// A command to replace a user's profile.
    public InboundCommand profile(Caller caller, String connectionId, ChangeProfile profile) {
        InboundCommand command = command(caller, connectionId, NO_CONVERSATION, CommandKind.USER_PROFILE);
        command.setProfile(profile);
        return command;
    }

    /// A command to block somebody, or no longer.
    public InboundCommand block(Caller caller, String connectionId, ChangeBlock block) {
        InboundCommand command = command(caller, connectionId, NO_CONVERSATION, CommandKind.USER_BLOCK);
        command.setBlock(block);
        return command;
    }

    /// A command to change a device of a user.
    public InboundCommand device(Caller caller, String connectionId, ChangeDevice change) {
        InboundCommand command = command(caller, connectionId, NO_CONVERSATION, CommandKind.USER_DEVICE);
        command.setDevice(change);
        return command;
    }

    /// A command to replace the settings of notifications of a user.
    public InboundCommand notifications(Caller caller, String connectionId, NotificationSettings settings) {
        InboundCommand command = command(caller, connectionId, NO_CONVERSATION, CommandKind.USER_NOTIFICATIONS);
        command.setNotifications(settings);
        return command;
    }

    /// A command to report a message.
    public InboundCommand report(Caller caller, String connectionId, String conversationId, ReportMessage report) {
        InboundCommand command = command(caller, connectionId, conversationId, CommandKind.MESSAGE_REPORT);
        command.setReport(report);
        return command;
    }

    /// A moderator's decision on a message.
    public InboundCommand decide(Caller caller, String connectionId, String conversationId, DecideMessage decision) {
        InboundCommand command = command(caller, connectionId, conversationId, CommandKind.MESSAGE_DECIDE);
        command.setDecision(decision);
        return command;
    }

    /// A command to keep the warnings up to a moment no longer: the user was shown them.
    public InboundCommand warningsShown(Caller caller, String connectionId, Instant upTo) {
        InboundCommand command = command(caller, connectionId, NO_CONVERSATION, CommandKind.USER_WARNINGS);
        command.setWarnings(new ChangeWarnings(null, upTo));
        return command;
    }

    /// A command to ban somebody, or no longer.
    public InboundCommand ban(Caller caller, String connectionId, ChangeBan ban) {
        InboundCommand command = command(caller, connectionId, NO_CONVERSATION, CommandKind.MODERATION_BAN);
        command.setBan(ban);
        return command;
    }

    private InboundCommand command(Caller caller, String connectionId, String conversationId, CommandKind kind) {
        InboundCommand command = new InboundCommand();
        command.setTenant(caller.user().tenant());
        command.setConversationId(conversationId);
        command.setUserId(caller.user().userId());
        command.setActorKind(caller.kind().word());
        command.setKind(kind.word());
        command.setOrigin(new CommandOrigin(gatewayId, connectionId, lastCommandId.incrementAndGet()));
        command.setAcceptedAt(Instant.ofEpochMilli(clock.millis()));
        return command;
    }
}
