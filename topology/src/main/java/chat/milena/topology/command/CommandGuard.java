package chat.milena.topology.command;

import chat.milena.conversation.command.Answer;
import chat.milena.conversation.state.BrokenInvariantException;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.streams.deadletter.DeadLetters;
import chat.milena.streams.deadletter.Faults;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// Stands between a processor and all that a command alone can make fail: such a record becomes a dead letter, its
/// sender is answered, and the next one is handled. For the stream thread alone.
///
/// If our own state is at fault, the task stops instead: see [BrokenInvariantException] and [LookupException].
///
/// @param answers sends an answer to the sender of a command
public record CommandGuard(DeadLetters deadLetters, BiConsumer<InboundCommand, Answer> answers) {
    private static final Answer NOT_UNDERSTOOD =
            new Answer.Rejected(ErrorCode.INVALID_REQUEST, "type: this command is not understood");
    private static final Answer NOT_HANDLED =
            new Answer.Rejected(ErrorCode.INVALID_REQUEST, "this command cannot be handled");

    /// The result of a pure step; null if it failed and the record became a dead letter.
    ///
    /// @param step for people
    public <T> @Nullable T guarded(
            Record<byte[], byte[]> record, InboundCommand inbound, String step, Supplier<T> pure) {
        try {
            return pure.get();
        } catch (BrokenInvariantException e) {
            throw e;
        } catch (LookupException e) {
            throw e.failure();
        } catch (RuntimeException e) {
            reject(record, inbound, step + ": " + Faults.describe(e));
            return null;
        }
    }

    /// Makes a dead letter of a record that cannot be read.
    public void reject(Record<byte[], byte[]> record, String reason) {
        deadLetters.add(record, reason);
    }

    /// Makes a dead letter of a command. Its sender is answered, if the record names one.
    public void reject(Record<byte[], byte[]> record, InboundCommand inbound, String reason) {
        reject(record, reason);
        if (Ids.isValid(inbound.getTenant()) && Ids.isValid(inbound.getUserId())) {
            answers.accept(inbound, NOT_HANDLED);
        }
    }

    /// Answers a command of a later version.
    public void notUnderstood(InboundCommand inbound) {
        answers.accept(inbound, NOT_UNDERSTOOD);
    }
}
