package chat.milena.topology.users;

import chat.milena.conversation.command.Answer;
import chat.milena.conversation.person.Profile;
import chat.milena.conversation.person.ProfileRules;
import chat.milena.conversation.person.UserChange;
import chat.milena.conversation.person.UserCommand;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.streams.deadletter.DeadLetters;
import chat.milena.streams.deadletter.Faults;
import chat.milena.streams.deadletter.Reading;
import chat.milena.streams.deadletter.RecordReader;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// Handles one command of a user at a time: reads it, lets the rules decide, and has what they decided written.
///
/// Everything that one command changes and emits is in one transaction. For the stream thread alone. A record that
/// cannot be read, that breaks a rule every gateway keeps, or that the rules fail on becomes a dead letter.
final class UserProcessor implements Processor<byte[], byte[], LogKey, SpecificRecord> {
    private static final Answer NOT_UNDERSTOOD =
            new Answer.Rejected(ErrorCode.INVALID_REQUEST, "type: this command is not understood");
    private static final Answer NOT_HANDLED =
            new Answer.Rejected(ErrorCode.INVALID_REQUEST, "this command cannot be handled");

    private final RecordReader<UserKey, InboundCommand> records;
    private final int shards;
    private final Function<ProcessorContext<LogKey, SpecificRecord>, DeadLetters> deadLetters;
    private @Nullable Task task;

    /// What lives as long as the task's state does: a task that starts over gets a new one.
    private record Task(ProcessorContext<LogKey, SpecificRecord> context, UserWriter writer, DeadLetters deadLetters) {

        Instant now() {
            return Instant.ofEpochMilli(context.currentSystemTimeMs());
        }

        int partition() {
            return context.taskId().partition();
        }
    }

    /// @param shards how many shards users are spread over
    /// @param deadLetters makes what takes the records that cannot be handled
    UserProcessor(
            RecordReader<UserKey, InboundCommand> records,
            int shards,
            Function<ProcessorContext<LogKey, SpecificRecord>, DeadLetters> deadLetters) {
        this.records = records;
        this.shards = shards;
        this.deadLetters = deadLetters;
    }

    @Override
    public void init(ProcessorContext<LogKey, SpecificRecord> context) {
        task = new Task(context, new UserWriter(context, shards), deadLetters.apply(context));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (task == null) {
            throw new IllegalStateException("Not initialized");
        }
        switch (records.read(record, task.partition())) {
            case Reading.Malformed<?, ?> malformed -> task.deadLetters.add(record, malformed.reason());
            case Reading.Decoded<UserKey, InboundCommand> decoded -> read(task, record, decoded.key(), decoded.value());
        }
    }

    private void read(Task task, Record<byte[], byte[]> record, UserKey user, InboundCommand inbound) {
        UserCommandReader.UserReading reading =
                guarded(task, record, inbound, "command", () -> UserCommandReader.read(user, inbound));
        switch (reading) {
            case null -> {}
            case UserCommandReader.Malformed(String reason) -> deadLetter(task, record, inbound, reason);
            case UserCommandReader.Unknown unknown -> task.writer.answer(inbound, NOT_UNDERSTOOD, task.now());
            case UserCommandReader.Known(UserCommand command) -> decide(task, record, user, inbound, command);
        }
    }

    private void decide(
            Task task, Record<byte[], byte[]> record, UserKey user, InboundCommand inbound, UserCommand command) {
        Instant now = task.now();
        switch (command) {
            case UserCommand.SetProfile set -> {
                Profile before = task.writer.profile(user);
                UserChange<Profile> change =
                        guarded(task, record, inbound, "rules", () -> ProfileRules.decide(before, set, now));
                if (change != null) {
                    task.writer.apply(inbound, user, change, now);
                }
            }
        }
    }

    /// What a pure step gave; null if it failed and the record became a dead letter.
    ///
    /// @param step for people
    private static <T> @Nullable T guarded(
            Task task, Record<byte[], byte[]> record, InboundCommand inbound, String step, Supplier<T> pure) {
        try {
            return pure.get();
        } catch (RuntimeException e) {
            deadLetter(task, record, inbound, step + ": " + Faults.describe(e));
            return null;
        }
    }

    /// The sender is answered, if the record says who that is.
    private static void deadLetter(Task task, Record<byte[], byte[]> record, InboundCommand inbound, String reason) {
        task.deadLetters.add(record, reason);
        if (Ids.isValid(inbound.getTenant()) && Ids.isValid(inbound.getUserId())) {
            task.writer.answer(inbound, NOT_HANDLED, task.now());
        }
    }
}
