package chat.milena.gateway.live;

import chat.milena.gateway.command.CommandGate;
import chat.milena.gateway.command.CommandListener;
import chat.milena.gateway.command.GuardedLog;
import chat.milena.gateway.command.Outcome;
import chat.milena.gateway.command.Outcome.Accepted;
import chat.milena.gateway.command.Outcome.Duplicate;
import chat.milena.gateway.command.Outcome.Rejected;
import chat.milena.gateway.command.OutcomeMeters;
import chat.milena.gateway.command.Submission.GatewayFull;
import chat.milena.gateway.command.Submission.NoRoom;
import chat.milena.gateway.command.Submission.NotAppended;
import chat.milena.gateway.command.Submission.RateLimited;
import chat.milena.gateway.command.Submission.SenderFull;
import chat.milena.gateway.command.Submission.Submitted;
import chat.milena.gateway.session.Connection;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.word.ErrorCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Submits the command of a frame and answers it on the connection of the frame. On the I/O thread of the
/// connection; never blocks.
public final class FrameCommands {
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);

    /// An operator must make room first.
    static final Duration RETRY_WITHOUT_ROOM = Duration.ofSeconds(30);

    private final CommandGate gate;
    private final OutcomeMeters outcomes;

    public FrameCommands(CommandGate gate, OutcomeMeters outcomes) {
        this.gate = gate;
        this.outcomes = outcomes;
    }

    /// The answers to one kind of command.
    interface Answers {
        /// The command is accepted.
        ///
        /// @param id the request id of its frame
        /// @param delivery the delivery with the outcome
        ServerFrame accepted(@Nullable String id, Delivery delivery);

        /// The message for an unknown outcome.
        String unknown();
    }

    /// Answers to a message.
    public static final Answers MESSAGE = new Answers() {
        @Override
        public ServerFrame accepted(@Nullable String id, Delivery delivery) {
            return ServerFrames.messageAck(id, delivery.getConversationId(), delivery.getOutcome());
        }

        @Override
        public String unknown() {
            return "outcome unknown; safe to resend with the same messageId";
        }
    };

    /// Answers to a change of a message.
    static final Answers CHANGE = new Answers() {
        @Override
        public ServerFrame accepted(@Nullable String id, Delivery delivery) {
            return ServerFrames.messageAck(id, delivery.getConversationId(), delivery.getOutcome());
        }

        @Override
        public String unknown() {
            return "outcome unknown; safe to resend";
        }
    };

    /// Submits a command.
    ///
    /// @param id the request id of its frame
    public void submit(
            Connection connection, @Nullable String id, InboundCommand command, Answers answers, long nowMillis) {
        long began = outcomes.began();
        boolean isMessage = command.getMessage() != null;
        CommandListener answer = new Answer(connection, id, answers, isMessage, began);
        switch (gate.submit(
                connection.caller(), command, connection.commandPlaces(), connection.commandDeadline(), answer)) {
            case Submitted submitted -> {}
            case NoRoom full -> {
                connection.send(ServerFrames.error(id, ErrorCode.UNAVAILABLE, GuardedLog.NO_ROOM, RETRY_WITHOUT_ROOM));
                outcomes.unavailable(began);
            }
            case SenderFull full -> {
                connection.refuse(id, "too many unanswered messages", RETRY_SOON, nowMillis);
                outcomes.rateLimited(began);
            }
            case GatewayFull full -> {
                connection.send(
                        ServerFrames.error(id, ErrorCode.UNAVAILABLE, "too many commands in progress", RETRY_SOON));
                outcomes.unavailable(began);
            }
            case RateLimited(var by) -> {
                Duration retryAfter = Duration.ofSeconds(by.retryAfterSeconds());
                connection.refuse(id, "rate limit exceeded: " + by.limit(), by.limit(), retryAfter, nowMillis);
                outcomes.rateLimited(began);
            }
            case NotAppended refusal -> answer.unknown();
        }
    }

    /// Answers one frame.
    private final class Answer implements CommandListener {
        private final Connection connection;
        private final @Nullable String id;
        private final Answers answers;
        private final boolean isMessage;
        private final long began;

        private Answer(Connection connection, @Nullable String id, Answers answers, boolean isMessage, long began) {
            this.connection = connection;
            this.id = id;
            this.answers = answers;
            this.isMessage = isMessage;
            this.began = began;
        }

        @Override
        public void decided(Outcome outcome) {
            connection.send(
                    switch (outcome) {
                        case Accepted(var delivery) -> answers.accepted(id, delivery);
                        case Duplicate(var delivery) -> answers.accepted(id, delivery);
                        case Rejected(var code, var reason, var detailed) ->
                            ServerFrames.rejected(id, code, reason, detailed);
                    });
            outcomes.decided(outcome.status(), isMessage ? connection.user().tenant() : null, began);
        }

        @Override
        public void unknown() {
            connection.send(ServerFrames.error(id, ErrorCode.UNAVAILABLE, answers.unknown(), RETRY_SOON));
            outcomes.unavailable(began);
        }
    }
}
