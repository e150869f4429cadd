package chat.milena.gateway;

import chat.milena.gateway.delivery.LoggedDelivery;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationProperties;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MovedReceipt;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Deliveries as a sequencer would write them for a command.
public final class Deliveries {
    public static final Instant TIME = Instant.ofEpochMilli(1_706_886_400_000L);

    private static final TopicSpec<ShardKey, Delivery> TOPIC =
            new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load()).deliveries();

    private Deliveries() {}

    /// The command is accepted under this number; all recipients live in one shard.
    public static Delivery accepted(InboundCommand command, long sequenceNumber, String... recipients) {
        Delivery delivery = answered(command, "accepted", sequenceNumber);
        delivery.setRecipients(List.of(recipients));
        if (command.getReceipt() != null) {
            String kind = command.getKind().equals("message.read") ? "read" : "delivered";
            List<String> messageIds = command.getReceipt().getMessageIds();
            delivery.setReceipt(new MovedReceipt(command.getUserId(), kind, sequenceNumber, TIME, messageIds, null));
            return delivery;
        }
        delivery.setEvent(
                command.getMessage() == null
                        ? changed(command, sequenceNumber)
                        : message(
                                command.getTenant(),
                                command.getConversationId(),
                                sequenceNumber,
                                command.getUserId(),
                                command.getMessage()));
        return delivery;
    }

    /// The command was accepted before, under this number.
    public static Delivery duplicate(InboundCommand command, long sequenceNumber) {
        return answered(command, "duplicate", sequenceNumber);
    }

    /// The command is refused.
    public static Delivery rejected(InboundCommand command, String code, String reason) {
        Delivery delivery = answered(command, "rejected", 0);
        CommandOutcome outcome = delivery.getOutcome();
        outcome.setTimestamp(null);
        outcome.setCode(code);
        outcome.setReason(reason);
        delivery.setConversation(null);
        return delivery;
    }

    /// As the first of its shard.
    public static LoggedDelivery logged(Delivery delivery) {
        return logged(0, 0, delivery);
    }

    /// At this place of the log.
    public static LoggedDelivery logged(int shard, long offset, Delivery delivery) {
        return new LoggedDelivery(shard, offset, TIME.toEpochMilli(), TIME.toEpochMilli(), new byte[100], delivery);
    }

    /// At this place of the log and as it stands there, written at this time.
    public static LoggedDelivery written(int shard, long offset, long timestampMillis, Delivery delivery) {
        byte[] value = TOPIC.values().serializer().serialize(TOPIC.name(), delivery);
        return new LoggedDelivery(shard, offset, timestampMillis, timestampMillis, value, delivery);
    }

    /// A message that came by another gateway.
    public static Delivery event(String tenant, String conversationId, long number, String text, String... to) {
        Delivery delivery = new Delivery();
        delivery.setTenant(tenant);
        delivery.setConversationId(conversationId);
        Message message = new Message("m" + number, new Content("text", text, null, null, null), null, null, null);
        delivery.setEvent(message(tenant, conversationId, number, "somebody", message));
        delivery.setRecipients(List.of(to));
        return delivery;
    }

    /// A receipt that came by another gateway; `kind` is delivered or read.
    public static Delivery receipt(String conversationId, String kind, String userId, long upTo, String... to) {
        Delivery delivery = new Delivery();
        delivery.setTenant("default");
        delivery.setConversationId(conversationId);
        delivery.setReceipt(new MovedReceipt(userId, kind, upTo, TIME, List.of(), null));
        delivery.setRecipients(List.of(to));
        return delivery;
    }

    private static Delivery answered(InboundCommand command, String status, long sequenceNumber) {
        CommandOrigin origin = command.getOrigin();
        CommandOutcome outcome = new CommandOutcome(
                origin, status, null, sequenceNumber, TIME, null, null, null, 0L, null, null, 0L, false, null, false);
        Delivery delivery = new Delivery();
        delivery.setTenant(command.getTenant());
        delivery.setConversationId(command.getConversationId());
        delivery.setRecipients(List.of());
        delivery.setOutcome(outcome);
        if (command.getMessage() != null) {
            outcome.setMessageId(command.getMessage().getMessageId());
        } else if (command.getReceipt() == null) {
            delivery.setConversation(snapshot(command, sequenceNumber));
        }
        return delivery;
    }

    private static TimelineEvent message(
            String tenant, String conversationId, long number, String senderId, Message message) {
        TimelineEvent event = new TimelineEvent();
        event.setActorKind("member");
        event.setTenant(tenant);
        event.setConversationId(conversationId);
        event.setSequenceNumber(number);
        event.setMessageOrdinal(number);
        event.setTimestamp(TIME);
        event.setKind("message");
        event.setActorId(senderId);
        event.setMessage(message);
        event.setParticipants(List.of());
        return event;
    }

    private static TimelineEvent changed(InboundCommand command, long number) {
        ConversationSnapshot snapshot = snapshot(command, number);
        TimelineEvent event = new TimelineEvent();
        event.setActorKind("member");
        event.setTenant(command.getTenant());
        event.setConversationId(command.getConversationId());
        event.setSequenceNumber(number);
        event.setTimestamp(TIME);
        event.setKind(command.getConversation() == null ? "conversation.updated" : "conversation.created");
        event.setActorId(command.getUserId());
        event.setConversation(
                new ConversationProperties(snapshot.getType(), snapshot.getName(), snapshot.getSettings(), null, null));
        event.setParticipants(snapshot.getParticipants());
        return event;
    }

    private static ConversationSnapshot snapshot(InboundCommand command, long number) {
        List<Participant> participants = new ArrayList<>();
        participants.add(new Participant(command.getUserId(), "admin"));
        if (command.getConversation() == null) {
            return new ConversationSnapshot(
                    "group",
                    "Team",
                    new ConversationSettings(false, false, true, false, 0, false),
                    participants,
                    1,
                    number,
                    TIME,
                    null,
                    null);
        }
        for (String userId : command.getConversation().getParticipantIds()) {
            participants.add(new Participant(userId, "member"));
        }
        ConversationSettings settings = command.getConversation().getSettings();
        return new ConversationSnapshot(
                command.getConversation().getType(),
                command.getConversation().getName(),
                settings == null ? new ConversationSettings(false, false, true, false, 0, false) : settings,
                participants,
                participants.size(),
                number,
                TIME,
                null,
                null);
    }
}
