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
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.EventKind;
import chat.milena.schemas.word.Word;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
        // A kind that this version does not know is left out: clients find it by the gap in the numbers.
        EventKind kind = event == null
                ? null
                : Word.parse(EventKind.class, event.getKind()).orElse(null);
        if (event != null && kind != null) {
            deliver(kind, event, delivery, answered);
        }
    }

    private void deliver(EventKind kind, TimelineEvent event, Delivery delivery, @Nullable Connection answered) {
        switch (kind) {
            case MESSAGE -> {
                Once frame = new Once(() -> ServerFrames.messageNew(event));
                // Whoever sent a message knows it by the ack.
                deliver(delivery, userId -> frame, answered);
            }
            case CONVERSATION_CREATED -> {
                Once frame = new Once(() -> ServerFrames.conversationCreated(event, shown(delivery)));
                deliver(delivery, userId -> frame, null);
            }
            case CONVERSATION_UPDATED, MEMBER_ADDED, ROLE_CHANGED -> {
                Once frame = new Once(() -> ServerFrames.conversationUpdated(event, shown(delivery)));
                deliver(delivery, userId -> frame, null);
            }
            case MEMBER_REMOVED -> {
                Once frame = new Once(() -> ServerFrames.conversationUpdated(event, shown(delivery)));
                Once left = new Once(() -> ServerFrames.conversationLeft(event));
                Set<String> gone = event.getParticipants().stream()
                        .map(Participant::getUserId)
                        .collect(Collectors.toSet());
                // Who was removed sees nothing of the conversation as it is without them.
                deliver(delivery, userId -> gone.contains(userId) ? left : frame, null);
            }
        }
    }

    private void deliver(Delivery delivery, Function<String, Once> frames, @Nullable Connection except) {
        for (String userId : delivery.getRecipients()) {
            for (Connection connection : registry.of(new UserKey(delivery.getTenant(), userId))) {
                if (connection != except) {
                    connection.send(frames.apply(userId).frame());
                }
            }
        }
    }

    private static ConversationSnapshot shown(Delivery delivery) {
        ConversationSnapshot conversation = delivery.getConversation();
        if (conversation == null) {
            throw new IllegalArgumentException("A delivery shows a conversation's change without the conversation");
        }
        return conversation;
    }

    /// A frame that is encoded when it is first needed.
    private static final class Once {
        private final Supplier<ServerFrame> encoding;
        private @Nullable ServerFrame frame;

        private Once(Supplier<ServerFrame> encoding) {
            this.encoding = encoding;
        }

        private ServerFrame frame() {
            ServerFrame encoded = frame;
            if (encoded == null) {
                encoded = encoding.get();
                frame = encoded;
            }
            return encoded;
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
}
