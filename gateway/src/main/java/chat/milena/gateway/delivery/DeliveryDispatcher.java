package chat.milena.gateway.delivery;

import chat.milena.gateway.command.InFlight;
import chat.milena.gateway.command.InFlight.Pending;
import chat.milena.gateway.command.InFlight.SentMessage;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionRegistry;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.OutcomeStatus;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Passes each delivery to the connections of its recipients. The order of dispatch is the order in every outbox,
/// for acks and events alike; so the deliveries of one conversation must come one after the other. Deliveries of
/// different ones may come on different threads.
///
/// [EventFrames] encodes each event once, whatever its number of recipients here.
public final class DeliveryDispatcher {
    private final String gatewayId;
    private final ConnectionRegistry registry;
    private final InFlight calls;
    private final ReceiptRelay receipts;
    private final ReactionRelay reactions;
    private final Consumer<LoggedDelivery> dispatched;
    private final SentWatch sent;

    /// @param calls the commands of REST calls
    /// @param dispatched notified of each delivery when all of its frames are in the outboxes
    /// @param sent sees the events of commands of connections here
    public DeliveryDispatcher(
            String gatewayId,
            ConnectionRegistry registry,
            InFlight calls,
            ReceiptRelay receipts,
            ReactionRelay reactions,
            Consumer<LoggedDelivery> dispatched,
            SentWatch sent) {
        this.gatewayId = gatewayId;
        this.registry = registry;
        this.calls = calls;
        this.receipts = receipts;
        this.reactions = reactions;
        this.dispatched = dispatched;
        this.sent = sent;
    }

    /// Sees the events of commands that connections here have sent. Never blocks.
    @FunctionalInterface
    public interface SentWatch {
        /// An event, as delivered to the shard of its sender.
        void delivered(Caller sender, Delivery delivery);
    }

    /// How the frame of the delivery at this offset is passed to one of its recipients.
    @FunctionalInterface
    interface Handing {
        void hand(ServerFrame frame, long offset, Connection to);
    }

    /// Delivers to all recipients immediately, without ever blocking.
    public void dispatch(LoggedDelivery logged) {
        dispatch(logged, (frame, offset, to) -> to.send(frame, offset, null));
    }

    /// Delivers the event with this handing; the outcome immediately, before it.
    void dispatch(LoggedDelivery logged, Handing handing) {
        boolean held = false;
        try {
            Delivery delivery = logged.delivery();
            Connection answered = answer(delivery);
            TimelineEvent event = delivery.getEvent();
            if (event != null) {
                held = reactions.takes(logged, answered);
                if (!held) {
                    deliver(EventFrames.of(delivery), logged, answered, handing);
                }
            }
            Supplier<ServerFrame> own = OwnFrames.of(delivery);
            if (own != null) {
                deliverOwn(own.get(), logged, handing);
            }
            if (delivery.getReceipt() != null) {
                receipts.relay(logged, () -> dispatched.accept(logged));
                held = true;
            }
        } finally {
            if (!held) {
                dispatched.accept(logged);
            }
        }
    }

    /// @return the connection that was answered, if there was one
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
        if (pending == null && connection != null) {
            pending = laterAttempt(connection, delivery);
        }
        if (pending == null) {
            return null;
        }
        pending.decided(delivery);
        return connection;
    }

    /// The next attempt to send the message of an attempt that nobody waits for any longer.
    private static @Nullable Pending laterAttempt(Connection connection, Delivery delivery) {
        CommandOutcome outcome = delivery.getOutcome();
        boolean rejected = OutcomeStatus.REJECTED.word().equals(outcome.getStatus());
        return rejected || outcome.getMessageId() == null
                ? null
                : connection
                        .inFlight()
                        .closeAttempt(new SentMessage(delivery.getConversationId(), outcome.getMessageId()));
    }

    /// A sender that is gone is charged like any other: its exemption is not known any longer.
    private static Caller sender(@Nullable Pending pending, @Nullable Connection connection, UserKey actor) {
        if (pending != null) {
            return pending.caller();
        }
        return connection == null ? new Caller(actor, false) : connection.caller();
    }

    /// A change of a user's own state: every device of the user is notified.
    private void deliverOwn(ServerFrame frame, LoggedDelivery logged, Handing handing) {
        Delivery delivery = logged.delivery();
        for (String userId : delivery.getRecipients()) {
            for (Connection connection : registry.of(new UserKey(delivery.getTenant(), userId))) {
                if (connection.liveFromOffset() <= logged.offset()) {
                    handing.hand(frame, logged.offset(), connection);
                }
            }
        }
    }

    private void deliver(EventFrames frames, LoggedDelivery logged, @Nullable Connection answered, Handing handing) {
        Delivery delivery = logged.delivery();
        // The sender of a message, or of a change of one, knows it by the ack; a change of the conversation is
        // news for every device.
        Connection except = frames.isOfMessage() ? answered : null;
        if (!frames.isOfMessage() || frames.isDeletion()) {
            // Members who leave with this event get nothing of the conversation after it, and nobody gets emoji of a
            // message after its deletion.
            ConversationKey conversation = new ConversationKey(delivery.getTenant(), delivery.getConversationId());
            receipts.flush(conversation);
            reactions.flush(conversation);
        }
        for (String userId : delivery.getRecipients()) {
            for (Connection connection : registry.of(new UserKey(delivery.getTenant(), userId))) {
                boolean skipped = connection == except || connection.liveFromOffset() > logged.offset();
                ServerFrame frame = skipped ? null : frames.frameFor(userId);
                if (frame != null) {
                    handing.hand(frame, logged.offset(), connection);
                }
            }
        }
    }
}
