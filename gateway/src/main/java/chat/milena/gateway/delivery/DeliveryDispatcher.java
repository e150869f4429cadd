package chat.milena.gateway.delivery;

import chat.milena.gateway.connection.Connection;
import chat.milena.gateway.connection.ConnectionRegistry;
import chat.milena.gateway.frame.ServerFrame;
import chat.milena.gateway.frame.ServerFrames;
import chat.milena.gateway.inbound.PendingCalls;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.EventKind;
import chat.milena.schemas.word.Word;
import org.jspecify.annotations.Nullable;

/// Hands each delivery to the connections it concerns. For one thread: what it queues for a socket stands there in the
/// order of the log, acks and events alike.
///
/// An event is encoded once, when the first of its recipients is found here, and not at all when none is.
public final class DeliveryDispatcher {
    private final String gatewayId;
    private final ConnectionRegistry registry;
    private final PendingCalls calls;

    public DeliveryDispatcher(String gatewayId, ConnectionRegistry registry, PendingCalls calls) {
        this.gatewayId = gatewayId;
        this.registry = registry;
        this.calls = calls;
    }

    /// Delivers, without ever blocking.
    public void dispatch(Delivery delivery) {
        Connection answered = answer(delivery);
        TimelineEvent event = delivery.getEvent();
        if (event != null) {
            // Whoever sent a message knows it by the ack; a new conversation is news to every device.
            boolean created = EventKind.CONVERSATION_CREATED.word().equals(event.getKind());
            deliver(event, delivery, created ? null : answered);
        }
    }

    /// @return the connection that was told the outcome, if any was
    private @Nullable Connection answer(Delivery delivery) {
        CommandOutcome outcome = delivery.getOutcome();
        if (outcome == null || !gatewayId.equals(outcome.getOrigin().getGatewayId())) {
            return null;
        }
        CommandOrigin origin = outcome.getOrigin();
        if (PendingCalls.CONNECTION_ID.equals(origin.getConnectionId())) {
            calls.complete(origin.getCommandId(), delivery);
            return null;
        }
        Connection connection = registry.byId(origin.getConnectionId());
        return connection != null && connection.answer(delivery) ? connection : null;
    }

    private void deliver(TimelineEvent event, Delivery delivery, @Nullable Connection except) {
        ServerFrame frame = null;
        for (String userId : delivery.getRecipients()) {
            for (Connection connection : registry.of(new UserKey(delivery.getTenant(), userId))) {
                if (connection == except) {
                    continue;
                }
                if (frame == null) {
                    frame = encode(event, delivery.getConversation());
                    if (frame == null) {
                        return;
                    }
                }
                connection.send(frame);
            }
        }
    }

    /// @return null for a kind that this version does not know: clients find it by the gap in the numbers
    private static @Nullable ServerFrame encode(TimelineEvent event, @Nullable ConversationSnapshot conversation) {
        EventKind kind = Word.parse(EventKind.class, event.getKind()).orElse(null);
        if (kind == null) {
            return null;
        }
        return switch (kind) {
            case MESSAGE -> ServerFrames.messageNew(event);
            case CONVERSATION_CREATED ->
                conversation == null ? null : ServerFrames.conversationCreated(event, conversation);
        };
    }
}
