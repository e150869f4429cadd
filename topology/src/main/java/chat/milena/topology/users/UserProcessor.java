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
import chat.milena.streams.graph.TaskProcessor;
import chat.milena.topology.command.CommandGuard;
import chat.milena.topology.command.LookupException;
import java.time.Duration;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/// Handles one command of a user at a time: reads it, lets the rules decide, and has the decision written.
///
/// Everything that one command changes and emits is in one transaction. For the stream thread. A record that
/// cannot be read, that breaks a rule every gateway keeps, or that the rules fail on becomes a dead letter.
final class UserProcessor implements TaskProcessor.Work<byte[], byte[]> {
    private static final Duration AGE_EVERY = Duration.ofMinutes(1);

    private final RecordReader<UserKey, InboundCommand> records;
    private final ProcessorContext<LogKey, SpecificRecord> context;
    private final UserWriter writer;
    private final DeviceWriter devices;
    private final AddressClaims claims;
    private final WarningWriter warnings;
    private final BanWriter bans;
    private final CommandGuard guard;

    /// @param shards the number of shards of users
    /// @param deviceLife how long a registration for push counts that is not repeated
    /// @param deadLetters takes records that cannot be handled
    UserProcessor(
            ProcessorContext<LogKey, SpecificRecord> context,
            RecordReader<UserKey, InboundCommand> records,
            int shards,
            Duration deviceLife,
            DeadLetters deadLetters) {
        this.context = context;
        this.records = records;
        UserOutput output = new UserOutput(context, shards);
        UserWriter writer = new UserWriter(output);
        this.writer = writer;
        DeviceWriter devices = new DeviceWriter(output, deviceLife);
        this.devices = devices;
        this.claims = new AddressClaims(output);
        this.warnings = new WarningWriter(output);
        this.bans = new BanWriter(context, shards);
        this.guard = new CommandGuard(deadLetters, (inbound, answer) -> writer.answer(inbound, answer, now(context)));
        context.schedule(AGE_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> devices.age(Instant.ofEpochMilli(now)));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        switch (records.read(record, context.taskId().partition())) {
            case Reading.Malformed<?, ?> malformed -> guard.reject(record, malformed.reason());
            case Reading.Decoded<UserKey, InboundCommand> decoded -> read(record, decoded.key(), decoded.value());
        }
    }

    private void read(Record<byte[], byte[]> record, UserKey user, InboundCommand inbound) {
        UserCommandReader.UserReading reading =
                guard.guarded(record, inbound, "command", () -> UserCommandReader.read(user, inbound));
        switch (reading) {
            case null -> {}
            case UserCommandReader.Malformed(String reason) -> guard.reject(record, inbound, reason);
            case UserCommandReader.Unknown unknown -> guard.notUnderstood(inbound);
            case UserCommandReader.Claim claim -> claims.apply(inbound, now(context));
            case UserCommandReader.Known(UserCommand command) -> decide(record, user, inbound, command);
        }
    }

    private void decide(Record<byte[], byte[]> record, UserKey user, InboundCommand inbound, UserCommand command) {
        Instant now = now(context);
        switch (command) {
            case UserCommand.SetProfile set -> {
                Profile before = writer.profile(user);
                UserChange<Profile> change =
                        guard.guarded(record, inbound, "rules", () -> ProfileRules.decide(before, set, now));
                if (change != null) {
                    writer.apply(inbound, user, change, now);
                }
            }
            case UserCommand.SetBlock set -> {
                BlockKey key = new BlockKey(user, set.blockedId());
                Answer answer = guard.guarded(
                        record,
                        inbound,
                        "rules",
                        () -> BlockListRules.decide(
                                user.userId(),
                                LookupException.checked(() -> writer.blockedSince(key)),
                                () -> LookupException.checked(() -> writer.blocks(user)),
                                set,
                                now));
                if (answer != null) {
                    writer.apply(inbound, key, set.blocked(), answer, now);
                }
            }
            case UserCommand.SetNotifications(var settings) -> writer.apply(inbound, user, settings, now);
            case UserCommand.OfDevice change -> decide(record, inbound, new DeviceKey(user, change.deviceId()), change);
            case UserCommand.ChangeWarned(var change) -> warnings.apply(inbound, user, change, now);
            case UserCommand.SetBan set -> ban(record, inbound, set, now);
        }
    }

    private void decide(
            Record<byte[], byte[]> record, InboundCommand inbound, DeviceKey key, UserCommand.OfDevice change) {
        Instant now = now(context);
        if (key.deviceId().startsWith(UserCommandReader.CONNECTION)) {
            devices.endConnection(inbound, key, now);
            return;
        }
        DeviceRules.Decision decision = guard.guarded(
                record,
                inbound,
                "rules",
                () -> DeviceRules.decide(
                        new DeviceRules.Named(key.user().tenant(), key.user().userId(), key.deviceId()),
                        LookupException.checked(() -> devices.device(key)),
                        () -> LookupException.checked(() -> devices.registered(key.user())),
                        change,
                        now));
        if (decision != null) {
            devices.apply(inbound, key, decision, now);
        }
    }

    private void ban(Record<byte[], byte[]> record, InboundCommand inbound, UserCommand.SetBan set, Instant now) {
        ChangeBan change = set.ban();
        BanKey key = BanKey.of(inbound.getTenant(), change.getUserId(), change.getConversationId());
        Answer answer = guard.guarded(
                record,
                inbound,
                "rules",
                () -> BanListRules.decide(
                        set.actor(),
                        LookupException.checked(() -> bans.find(key)),
                        () -> LookupException.checked(() -> bans.count(key.tenant())),
                        change,
                        now));
        if (answer != null) {
            bans.apply(inbound, key, change, answer, now);
            writer.answer(inbound, answer, now);
        }
    }

    private static Instant now(ProcessorContext<?, ?> context) {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
