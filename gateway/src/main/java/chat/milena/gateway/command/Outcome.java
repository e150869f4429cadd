package chat.milena.gateway.command;

import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.OutcomeStatus;
import chat.milena.schemas.word.Word;
import org.jspecify.annotations.Nullable;

/// The sequencer's decision on a command. Immutable.
public sealed interface Outcome {

    /// Done by this command.
    ///
    /// @param delivery the delivery with the outcome
    record Accepted(Delivery delivery) implements Outcome {}

    /// Done before: by an earlier attempt, or the command makes no difference.
    ///
    /// @param delivery the delivery with the outcome
    record Duplicate(Delivery delivery) implements Outcome {}

    /// Not done.
    ///
    /// @param outcome with the details of the reason
    record Rejected(ErrorCode code, String reason, CommandOutcome outcome) implements Outcome {}

    /// Reads the outcome of a delivery that has one. An unknown status counts as a rejection.
    static Outcome of(Delivery delivery) {
        CommandOutcome outcome = delivery.getOutcome();
        OutcomeStatus status =
                Word.parse(OutcomeStatus.class, outcome.getStatus()).orElse(OutcomeStatus.REJECTED);
        return switch (status) {
            case ACCEPTED -> new Accepted(delivery);
            case DUPLICATE -> new Duplicate(delivery);
            case REJECTED -> new Rejected(code(outcome.getCode()), reason(outcome.getReason()), outcome);
        };
    }

    /// The same as a word of the protocol.
    default OutcomeStatus status() {
        return switch (this) {
            case Accepted accepted -> OutcomeStatus.ACCEPTED;
            case Duplicate duplicate -> OutcomeStatus.DUPLICATE;
            case Rejected rejected -> OutcomeStatus.REJECTED;
        };
    }

    private static ErrorCode code(@Nullable String word) {
        return Word.parse(ErrorCode.class, word == null ? "" : word).orElse(ErrorCode.INVALID_REQUEST);
    }

    private static String reason(@Nullable String given) {
        return given == null ? "refused" : given;
    }
}
