package chat.milena.topology.users;

import chat.milena.conversation.command.Answer;
import chat.milena.conversation.moderation.BanListRules;
import chat.milena.conversation.person.BlockListRules;
import chat.milena.conversation.person.DeviceRules;
import chat.milena.conversation.person.Profile;
import chat.milena.conversation.person.ProfileRules;
import chat.milena.conversation.person.UserChange;
import chat.milena.conversation.person.UserCommand;
import chat.milena.schemas.avro.ChangeBan;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.BanKey;
import chat.milena.schemas.key.BlockKey;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.streams.deadletter.DeadLetters;
import chat.milena.streams.deadletter.Reading;
import chat.milena.streams.deadletter.RecordReader;
import chat.milena.topology.command.CommandGuard;
import chat.milena.topology.command.LookupException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// Handles one command of a user at a time: reads it, lets the rules decide, and has the decision written.
///
/// Everything that one command changes and emits is in one transaction. For the stream thread. A record that
/// cannot be read, that breaks a rule every gateway keeps, or that the rules fail on becomes a dead letter.
final class UserProcessor implements Processor<byte[], byte[], LogKey, SpecificRecord> {
    private static final Duration AGE_EVERY = Duration.ofMinutes(1);

    private final RecordReader<UserKey, InboundCommand> records;
    private final int shards;
    private final Duration deviceLife;
    private final Function<ProcessorContext<LogKey, SpecificRecord>, DeadLetters> deadLetters;
    private @Nullable Task task;

    /// Objects with the life of the task's state: a task that starts again gets new ones.
    private record Task(
            ProcessorContext<LogKey, SpecificRecord> context,
            UserWriter writer,
            DeviceWriter devices,
            AddressClaims claims,
            WarningWriter warnings,
            BanWriter bans,
            CommandGuard guard) {

        Instant now() {
            return UserProcessor.now(context);
        }

        int partition() {
            return context.taskId().partition();
        }
    }

    /// @param shards the number of shards of users
    /// @param deviceLife how long a registration for push counts that is not repeated
    /// @param deadLetters makes the object that takes records that cannot be handled
    UserProcessor(
            RecordReader<UserKey, InboundCommand> records,
            int shards,
            Duration deviceLife,
            Function<ProcessorContext<LogKey, SpecificRecord>, DeadLetters> deadLetters) {
        this.records = records;
        this.shards = shards;
        this.deviceLife = deviceLife;
        this.deadLetters = deadLetters;
    }

    @Override
    public void init(ProcessorContext<LogKey, SpecificRecord> context) {
        UserOutput output = new UserOutput(context, shards);
        UserWriter writer = new UserWriter(output);
        DeviceWriter devices = new DeviceWriter(output, deviceLife);
        CommandGuard guard = new CommandGuard(
                deadLetters.apply(context), (inbound, answer) -> writer.answer(inbound, answer, now(context)));
        task = new Task(
                context,
                writer,
                devices,
                new AddressClaims(output),
                new WarningWriter(output),
                new BanWriter(context, shards),
                guard);
        context.schedule(AGE_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> devices.age(Instant.ofEpochMilli(now)));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (task == null) {
            throw new IllegalStateException("Not initialized");
        }
        switch (records.read(record, task.partition())) {
            case Reading.Malformed<?, ?> malformed -> task.guard.reject(record, malformed.reason());
            case Reading.Decoded<UserKey, InboundCommand> decoded -> read(task, record, decoded.key(), decoded.value());
        }
    }

    private void read(Task task, Record<byte[], byte[]> record, UserKey user, InboundCommand inbound) {
        UserCommandReader.UserReading reading =
                task.guard.guarded(record, inbound, "command", () -> UserCommandReader.read(user, inbound));
        switch (reading) {
            case null -> {}
            case UserCommandReader.Malformed(String reason) -> task.guard.reject(record, inbound, reason);
            case UserCommandReader.Unknown unknown -> task.guard.notUnderstood(inbound);
            case UserCommandReader.Claim claim -> task.claims.apply(inbound, task.now());
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
                        task.guard.guarded(record, inbound, "rules", () -> ProfileRules.decide(before, set, now));
                if (change != null) {
                    task.writer.apply(inbound, user, change, now);
                }
            }
            case UserCommand.SetBlock set -> {
                BlockKey key = new BlockKey(user, set.blockedId());
                Answer answer = task.guard.guarded(
                        record,
                        inbound,
                        "rules",
                        () -> BlockListRules.decide(
                                user.userId(),
                                LookupException.checked(() -> task.writer.blockedSince(key)),
                                () -> LookupException.checked(() -> task.writer.blocks(user)),
                                set,
                                now));
                if (answer != null) {
                    task.writer.apply(inbound, key, set.blocked(), answer, now);
                }
            }
            case UserCommand.SetNotifications(var settings) -> task.writer.apply(inbound, user, settings, now);
            case UserCommand.OfDevice change ->
                decide(task, record, inbound, new DeviceKey(user, change.deviceId()), change);
            case UserCommand.ChangeWarned(var change) -> task.warnings.apply(inbound, user, change, now);
            case UserCommand.SetBan set -> ban(task, record, inbound, set, now);
        }
    }

    private static void decide(
            Task task,
            Record<byte[], byte[]> record,
            InboundCommand inbound,
            DeviceKey key,
            UserCommand.OfDevice change) {
        Instant now = task.now();
        if (key.deviceId().startsWith(UserCommandReader.CONNECTION)) {
            task.devices.endConnection(inbound, key, now);
            return;
        }
        DeviceRules.Decision decision = task.guard.guarded(
                record,
                inbound,
                "rules",
                () -> DeviceRules.decide(
                        new DeviceRules.Named(key.user().tenant(), key.user().userId(), key.deviceId()),
                        LookupException.checked(() -> task.devices.device(key)),
                        () -> LookupException.checked(() -> task.devices.registered(key.user())),
                        change,
                        now));
        if (decision != null) {
            task.devices.apply(inbound, key, decision, now);
        }
    }

    private static void ban(
            Task task, Record<byte[], byte[]> record, InboundCommand inbound, UserCommand.SetBan set, Instant now) {
        ChangeBan change = set.ban();
        BanKey key = BanKey.of(inbound.getTenant(), change.getUserId(), change.getConversationId());
        Answer answer = task.guard.guarded(
                record,
                inbound,
                "rules",
                () -> BanListRules.decide(
                        set.actor(),
                        LookupException.checked(() -> task.bans.find(key)),
                        () -> LookupException.checked(() -> task.bans.count(key.tenant())),
                        change,
                        now));
        if (answer != null) {
            task.bans.apply(inbound, key, change, answer, now);
            task.writer.answer(inbound, answer, now);
        }
    }

    private static Instant now(ProcessorContext<?, ?> context) {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
