package chat.milena.topology.sequencer;

import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.state.BrokenInvariantException;
import chat.milena.conversation.state.ConversationState;
import chat.milena.schemas.avro.Ban;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.BanKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.ReportKey;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.streams.deadletter.DeadLetters;
import chat.milena.streams.deadletter.Reading;
import chat.milena.streams.deadletter.RecordReader;
import chat.milena.topology.annotation.AnnotationStore;
import chat.milena.topology.command.CommandGuard;
import chat.milena.topology.command.CommandReading.Known;
import chat.milena.topology.command.CommandReading.Malformed;
import chat.milena.topology.command.CommandReading.Unknown;
import chat.milena.topology.command.CommandReading;
import chat.milena.topology.delivery.Deliveries;
import chat.milena.topology.sequencer.Decider.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// Handles one command at a time: reads it, lets the rules decide, and has the decision written.
///
/// Everything that one command changes and emits is in one transaction. For the stream thread.
///
/// A record that cannot be read, that breaks a rule every gateway keeps, or that the rules fail on becomes a dead
/// letter. Nothing is written before the rules are done with a command, so nothing is half done. If our own state
/// is at fault, the task stops instead: see [BrokenInvariantException] and [LookupException].
final class SequencerProcessor implements Processor<byte[], byte[], LogKey, SpecificRecord> {
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);

    private final RecordReader<ConversationKey, InboundCommand> records;
    private final Decider decider;
    private final Deliveries deliveries;
    private final TopicSpec<BanKey, Ban> bans;
    private final int cachedMembersMax;
    private final Duration segmentLife;
    private final ReportWriter.ReportCare care;
    private final Function<ProcessorContext<LogKey, SpecificRecord>, DeadLetters> deadLetters;
    private @Nullable Task task;
    /// What waits, of the part of the queue that is swept.
    private ReportMeters.Backlog waiting = ReportMeters.Backlog.NONE;
    private @Nullable ReportKey sweptUpTo;

    /// Objects with the life of the task's state: a task that starts again gets new ones.
    private record Task(
            ProcessorContext<LogKey, SpecificRecord> context,
            ConversationStore conversations,
            MessageIndex index,
            AnnotationStore annotations,
            MemberStores people,
            ChangeWriter writer,
            CommandGuard guard) {

        Instant now() {
            return SequencerProcessor.now(context);
        }

        int partition() {
            return context.taskId().partition();
        }
    }

    /// @param bans the topic of the table of bans
    /// @param cachedMembersMax memberships that each task keeps in memory
    /// @param segmentLife how long the log of messages writes to one segment
    /// @param care what is done with reports
    /// @param deadLetters makes the object that takes records that cannot be handled
    SequencerProcessor(
            RecordReader<ConversationKey, InboundCommand> records,
            Decider decider,
            Deliveries deliveries,
            TopicSpec<BanKey, Ban> bans,
            int cachedMembersMax,
            Duration segmentLife,
            ReportWriter.ReportCare care,
            Function<ProcessorContext<LogKey, SpecificRecord>, DeadLetters> deadLetters) {
        this.records = records;
        this.decider = decider;
        this.deliveries = deliveries;
        this.bans = bans;
        this.cachedMembersMax = cachedMembersMax;
        this.segmentLife = segmentLife;
        this.care = care;
        this.deadLetters = deadLetters;
    }

    @Override
    public void init(ProcessorContext<LogKey, SpecificRecord> context) {
        ConversationStore conversations = new ConversationStore(context, deliveries.shards(), cachedMembersMax);
        MessageIndex index = new MessageIndex(context);
        AnnotationStore annotations = new AnnotationStore(context);
        MemberStores people = MemberStores.of(context, bans);
        Emitter emitter = new Emitter(context);
        // All conversations of a task are in one partition.
        Erasures<ConversationKey> erasures = new Erasures<>(key -> 0, emitter::nothing);
        ReportWriter reports = ReportWriter.of(people.reports(), emitter, care);
        ChangeWriter writer =
                new ChangeWriter(conversations, index, annotations, people, deliveries, erasures, reports, emitter);
        context.schedule(
                SWEEP_EVERY,
                PunctuationType.WALL_CLOCK_TIME,
                nowMillis -> sweep(reports, Instant.ofEpochMilli(nowMillis)));
        context.schedule(segmentLife, PunctuationType.WALL_CLOCK_TIME, nowMillis -> {
            erasures.tick(Instant.ofEpochMilli(nowMillis));
            reports.erasures().tick(Instant.ofEpochMilli(nowMillis));
        });
        // As the views rewrite theirs.
        Duration eraseWithin = Objects.requireNonNull(care.topic().life().eraseWithin());
        context.schedule(
                eraseWithin.dividedBy(6),
                PunctuationType.WALL_CLOCK_TIME,
                nowMillis -> people.reports().rewrite(eraseWithin.dividedBy(2)));
        CommandGuard guard = new CommandGuard(
                deadLetters.apply(context), (inbound, answer) -> writer.answer(inbound, answer, now(context)));
        task = new Task(context, conversations, index, annotations, people, writer, guard);
    }

    private void sweep(ReportWriter reports, Instant now) {
        ReportWriter.Swept swept = reports.sweep(sweptUpTo, now);
        sweptUpTo = swept.upTo();
        waiting = waiting.plus(swept.waiting());
        if (sweptUpTo == null) {
            care.meters().swept(Objects.requireNonNull(task).partition(), waiting);
            waiting = ReportMeters.Backlog.NONE;
        }
    }

    @Override
    public void close() {
        Task closed = task;
        if (closed != null) {
            care.meters().left(closed.partition());
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (task == null) {
            throw new IllegalStateException("Not initialized");
        }
        switch (records.read(record, task.partition())) {
            case Reading.Malformed<?, ?> malformed -> task.guard.reject(record, malformed.reason());
            case Reading.Decoded<ConversationKey, InboundCommand> decoded ->
                read(task, record, decoded.key(), decoded.value());
        }
    }

    private void read(Task task, Record<byte[], byte[]> record, ConversationKey key, InboundCommand inbound) {
        CommandReading reading = task.guard.guarded(record, inbound, "command", () -> decider.read(key, inbound));
        switch (reading) {
            case null -> {}
            case Malformed(String reason) -> task.guard.reject(record, inbound, reason);
            case Unknown unknown -> task.guard.notUnderstood(inbound);
            case Known(Command command) -> decide(task, record, key, inbound, command);
        }
    }

    private void decide(
            Task task, Record<byte[], byte[]> record, ConversationKey key, InboundCommand inbound, Command command) {
        ConversationState state = task.conversations.load(key);
        Lookups lookups = new StoredLookups(key, task.index, task.annotations, task.people);
        Instant now = task.now();
        Decision decision =
                task.guard.guarded(record, inbound, "rules", () -> decider.decide(key, state, command, lookups, now));
        if (decision != null) {
            task.writer.apply(inbound, state, decision, decision.at());
        }
    }

    private static Instant now(ProcessorContext<?, ?> context) {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
