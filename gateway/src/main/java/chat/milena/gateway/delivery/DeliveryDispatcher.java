package chat.milena.gateway.delivery;

import chat.milena.gateway.command.InFlight.Pending;
import chat.milena.gateway.command.InFlight;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionRegistry;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Hands each delivery to the connections it concerns. What is dispatched first stands first in every outbox, acks and
/// events alike; so the deliveries of one conversation must come one after the other. Deliveries of different ones may
/// come on different threads.
///
/// [EventFrames] encodes each event once, however many recipients it has here.
public final class DeliveryDispatcher {
    private final String gatewayId;
    private final ConnectionRegistry registry;
    private final InFlight calls;
    private final ReceiptRelay receipts;
    private final Consumer<LoggedDelivery> dispatched;
    private final SentWatch sent;

    /// @param calls the commands of REST calls
    /// @param dispatched told of each delivery when all of its frames are in the outboxes
    /// @param sent looks at what came of commands of connections here
    public DeliveryDispatcher(
            String gatewayId,
            ConnectionRegistry registry,
            InFlight calls,
            ReceiptRelay receipts,
            Consumer<LoggedDelivery> dispatched,
            SentWatch sent) {
        this.gatewayId = gatewayId;
        this.registry = registry;
        this.calls = calls;
        this.receipts = receipts;
        this.dispatched = dispatched;
        this.sent = sent;
    }

    /// Looks at the events of commands that connections here have sent. Never blocks.
    @FunctionalInterface
    public interface SentWatch {
        /// An event, as delivered to the shard of its sender.
        void delivered(Caller sender, Delivery delivery);
    }

    /// How the frame of the delivery at this offset is handed to one of its recipients.
    @FunctionalInterface
    interface Handing {
        void hand(ServerFrame frame, long offset, Connection to);
    }

    /// Delivers to everyone at once, without ever blocking.
    public void dispatch(LoggedDelivery placed) {
        dispatch(placed, (frame, offset, to) -> to.send(frame, offset, null));
    }

    /// Delivers the event in the given way; the outcome at once, before it.
    void dispatch(LoggedDelivery placed, Handing handing) {
        boolean held = false;
        try {
            Delivery delivery = placed.delivery();
            Connection answered = answer(delivery);
            TimelineEvent event = delivery.getEvent();
            if (event != null) {
                deliver(EventFrames.of(delivery), placed, answered, handing);
            }
            if (delivery.getUser() != null) {
                deliverOwn(ServerFrames.userUpdated(delivery.getUser()), placed, handing);
            }
            if (delivery.getPersonal() != null) {
                deliverOwn(
                        ServerFrames.conversationPersonal(delivery.getConversationId(), delivery.getPersonal()),
                        placed,
                        handing);
            }
            if (delivery.getReceipt() != null) {
                receipts.tell(placed, () -> dispatched.accept(placed));
                held = true;
            }
        } finally {
            if (!held) {
                dispatched.accept(placed);
            }
        }
    }

    /// @return the connection that was answered, if any was
    private @Nullable Connection answer(Delivery delivery) {
        CommandOutcome outcome = delivery.getOutcome();
        if (outcome == null || !gatewayId.equals(outcome.getOrigin().getGatewayId())) {
            return null;
        }
        CommandOrigin origin = outcome.getOrigin();
        Connection connection = registry.byId(origin.getConnectionId());
        // No call is a connection, and no two commands of a gateway have the same id.
        Pending pending = (connection == null ? calls : connection.inFlight()).close(origin.getCommandId());
        TimelineEvent event = delivery.getEvent();
        if (event != null) {
            UserKey actor = new UserKey(delivery.getTenant(), event.getActorId());
            sent.delivered(sender(pending, connection, actor), delivery);
        }
        if (pending == null) {
            return null;
        }
        pending.decided(delivery);
        return connection;
    }

    /// A sender that is gone is charged like any other: what its token exempted it from is not known any longer.
    private static Caller sender(@Nullable Pending pending, @Nullable Connection connection, UserKey actor) {
        if (pending != null) {
            return pending.caller();
        }
        return connection == null ? new Caller(actor, false) : connection.caller();
    }

    /// What a user changed of their own: every device of theirs is notified.
    private void deliverOwn(ServerFrame frame, LoggedDelivery placed, Handing handing) {
        Delivery delivery = placed.delivery();
        for (String userId : delivery.getRecipients()) {
            for (Connection connection : registry.of(new UserKey(delivery.getTenant(), userId))) {
                if (connection.liveFromOffset() <= placed.offset()) {
                    handing.hand(frame, placed.offset(), connection);
                }
            }
        }
    }

    private void deliver(EventFrames frames, LoggedDelivery placed, @Nullable Connection answered, Handing handing) {
        Delivery delivery = placed.delivery();
        // Who sent or changed a message knows it by the ack; a change of the conversation is news to every device.
        Connection except = frames.isOfMessage() ? answered : null;
        if (!frames.isOfMessage()) {
            // Who goes with this event gets nothing of the conversation after it.
            receipts.flush(new ConversationKey(delivery.getTenant(), delivery.getConversationId()));
        }
        for (String userId : delivery.getRecipients()) {
            for (Connection connection : registry.of(new UserKey(delivery.getTenant(), userId))) {
                boolean told = connection == except || connection.liveFromOffset() > placed.offset();
                ServerFrame frame = told ? null : frames.frameFor(userId);
                if (frame != null) {
                    handing.hand(frame, placed.offset(), connection);
                }
            }
        }
    }
}
