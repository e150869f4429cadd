package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.word.OutcomeStatus;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.topology.conversation.Decision.Duplicate;
import chat.milena.topology.conversation.Decision.Rejected;
import chat.milena.topology.conversation.Position;
import chat.milena.topology.conversation.Watermarks;

/// Says what became of a command, for the connection that asked. Pure.
final class Outcomes {
    private Outcomes() {}

    static CommandOutcome accepted(InboundCommand command, Position position) {
        CommandOutcome outcome = of(command, OutcomeStatus.ACCEPTED);
        outcome.setSequenceNumber(position.sequenceNumber());
        outcome.setTimestamp(position.timestamp());
        return outcome;
    }

    /// The same number and time as the first time (invariant 3).
    static CommandOutcome duplicate(InboundCommand command, Duplicate first) {
        CommandOutcome outcome = of(command, OutcomeStatus.DUPLICATE);
        outcome.setSequenceNumber(first.sequenceNumber());
        outcome.setTimestamp(first.timestamp());
        return outcome;
    }

    /// What was asked for was so already.
    static CommandOutcome unchanged(InboundCommand command, Position position) {
        return duplicate(command, new Duplicate(position.sequenceNumber(), position.timestamp()));
    }

    /// How far its user has come, and since when.
    static CommandOutcome receipt(
            InboundCommand command, OutcomeStatus status, ReceiptKind kind, Watermarks watermarks) {
        CommandOutcome outcome = of(command, status);
        switch (kind) {
            case DELIVERED -> {
                outcome.setSequenceNumber(watermarks.delivered());
                outcome.setTimestamp(watermarks.deliveredAt());
            }
            case READ -> {
                outcome.setSequenceNumber(watermarks.read());
                outcome.setTimestamp(watermarks.readAt());
            }
        }
        return outcome;
    }

    static CommandOutcome rejected(InboundCommand command, Rejected rejected) {
        CommandOutcome outcome = of(command, OutcomeStatus.REJECTED);
        outcome.setCode(rejected.code().word());
        outcome.setReason(rejected.reason());
        return outcome;
    }

    private static CommandOutcome of(InboundCommand command, OutcomeStatus status) {
        Message message = command.getMessage();
        CommandOutcome outcome = new CommandOutcome();
        outcome.setOrigin(command.getOrigin());
        outcome.setStatus(status.word());
        outcome.setMessageId(message == null ? null : message.getMessageId());
        return outcome;
    }
}
