package chat.milena.ephemeral.rate;

import chat.milena.schemas.avro.ChangeMembers;
import chat.milena.schemas.avro.ChangePersonal;
import chat.milena.schemas.avro.ChangeProfile;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.avro.UpdateConversation;
import org.jspecify.annotations.Nullable;

/// The cost of commands to their senders, by what they make the system write. Pure.
///
/// In rates, every ten users or messages that a command names count as one command. In bytes, a command costs an
/// estimate of all records that result from it, in all topics: first what the command shows, before it is
/// appended; then what its deliveries add, once the number of recipients is known.
final class CommandCost {
    private static final int NAMED_FOR_ONE = 10;
    private static final int KIBIBYTE = 1_024;

    /// Headers, keys and ids of a command, its event, its index entry and its first delivery.
    private static final int COMMAND_BYTES = 1_024;

    /// A payload is written in the command, in the event and in a delivery.
    private static final int COPIES = 3;

    /// A membership by conversation and by user, and in the changelog of the sequencer.
    private static final int MEMBERSHIP_BYTES = 800;

    /// The id of a message in a receipt, and in the deliveries of the receipt.
    private static final int MESSAGE_ID_BYTES = 100;

    /// The header of a delivery to a shard of users, and its event without the payload.
    private static final int DELIVERY_BYTES = 400;

    /// An id in a list of recipients.
    private static final int RECIPIENT_BYTES = 16;

    /// A participant in the snapshot of a conversation.
    private static final int PARTICIPANT_BYTES = 24;

    /// With fewer recipients, a shard says nothing about the size of the conversation.
    private static final int RECIPIENTS_THAT_TELL = 3;

    private CommandCost() {}

    /// How many commands it counts as.
    static int commands(InboundCommand command) {
        return Math.max(1, Math.ceilDiv(peopleNamed(command) + messagesNamed(command), NAMED_FOR_ONE));
    }

    /// What it writes, as far as the command shows, rounded up.
    static int kibibytes(InboundCommand command) {
        long bytes = COMMAND_BYTES
                + (long) COPIES
                        * (payloadBytes(content(command))
                                + payloadBytes(command.getProfile())
                                + payloadBytes(command.getUpdate())
                                + payloadBytes(command.getPersonal()))
                + (long) MEMBERSHIP_BYTES * peopleNamed(command)
                + (long) MESSAGE_ID_BYTES * messagesNamed(command);
        return rounded(bytes);
    }

    /// What the deliveries of one event write beyond the first, rounded down: most have few recipients.
    ///
    /// @param delivery the event's delivery to one shard of users
    /// @param shards the number of shards
    static int deliveredKibibytes(Delivery delivery, int shards) {
        int members = members(delivery, shards);
        long each = DELIVERY_BYTES + payloadBytes(content(delivery)) + (long) payloadBytes(delivery.getConversation());
        long bytes = each * (Math.min(members, shards) - 1L) + (long) RECIPIENT_BYTES * members;
        return Math.clamp(bytes / KIBIBYTE, 0, Integer.MAX_VALUE);
    }

    /// Users are spread evenly over the shards, so one shard gives an estimate for a large group.
    private static int members(Delivery delivery, int shards) {
        if (delivery.getConversation() != null) {
            return Math.max(1, delivery.getConversation().getMemberCount());
        }
        int here = delivery.getRecipients().size();
        return here < RECIPIENTS_THAT_TELL ? Math.max(1, here) : Math.multiplyExact(here, shards);
    }

    private static int peopleNamed(InboundCommand command) {
        CreateConversation conversation = command.getConversation();
        ChangeMembers members = command.getMembers();
        Content content = content(command);
        Mentions mentions = content == null ? null : content.getMentions();
        return (conversation == null ? 0 : conversation.getParticipantIds().size())
                + (members == null ? 0 : members.getUserIds().size())
                + (mentions == null ? 0 : mentions.getUserIds().size());
    }

    private static int messagesNamed(InboundCommand command) {
        MarkReceipt receipt = command.getReceipt();
        return receipt == null ? 0 : receipt.getMessageIds().size();
    }

    private static @Nullable Content content(InboundCommand command) {
        if (command.getMessage() != null) {
            return command.getMessage().getContent();
        }
        return command.getChange() == null ? null : command.getChange().getContent();
    }

    private static @Nullable Content content(Delivery delivery) {
        if (delivery.getContent() != null) {
            return delivery.getContent().getContent();
        }
        TimelineEvent event = delivery.getEvent();
        return event == null || event.getMessage() == null
                ? null
                : event.getMessage().getContent();
    }

    /// Characters count as bytes: an estimate needs no encoding.
    private static int payloadBytes(@Nullable Content content) {
        if (content == null) {
            return 0;
        }
        return length(content.getText()) + length(content.getMediaUrl()) + length(content.getMetadata());
    }

    private static int payloadBytes(@Nullable ChangeProfile profile) {
        return profile == null
                ? 0
                : length(profile.getName()) + length(profile.getAvatarUrl()) + length(profile.getCustom());
    }

    private static int payloadBytes(@Nullable UpdateConversation update) {
        return update == null
                ? 0
                : length(update.getName()) + length(update.getAvatarUrl()) + length(update.getCustom());
    }

    private static int payloadBytes(@Nullable ConversationSnapshot conversation) {
        return conversation == null
                ? 0
                : length(conversation.getAvatarUrl())
                        + length(conversation.getCustom())
                        + PARTICIPANT_BYTES * conversation.getParticipants().size();
    }

    private static int payloadBytes(@Nullable ChangePersonal personal) {
        return personal == null || personal.getDraft() == null
                ? 0
                : length(personal.getDraft().getText());
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private static int rounded(long bytes) {
        return (int) Math.min(Math.ceilDiv(bytes, KIBIBYTE), Integer.MAX_VALUE);
    }
}
