package chat.milena.topology.sequencer;

import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.state.BrokenInvariantException;
import chat.milena.conversation.state.ConversationState;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.ReportKey;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.streams.deadletter.DeadLetters;
import chat.milena.streams.deadletter.Reading;
import chat.milena.streams.deadletter.RecordReader;
import chat.milena.streams.graph.TaskProcessor;
import chat.milena.topology.annotation.AnnotationStore;
import chat.milena.topology.command.CommandGuard;
import chat.milena.topology.command.CommandReading;
import chat.milena.topology.command.CommandReading.Known;
import chat.milena.topology.command.CommandReading.Malformed;
import chat.milena.topology.command.CommandReading.Unknown;
import chat.milena.topology.delivery.Deliveries;
import chat.milena.topology.sequencer.Decider.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.PunctuationType;
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
final class SequencerProcessor implements TaskProcessor.Work<byte[], byte[]> {
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);

    private final ProcessorContext<LogKey, SpecificRecord> context;
    private final RecordReader<ConversationKey, InboundCommand> records;
    private final Decider decider;
    private final ReportMeters meters;
    private final ConversationStore conversations;
    private final MessageIndex index;
    private final AnnotationStore annotations;
    private final MemberStores people;
    private final ChangeWriter writer;
    private final CommandGuard guard;
    /// What waits, of the part of the queue that is swept.
    private ReportMeters.Backlog waiting = ReportMeters.Backlog.NONE;
    private @Nullable ReportKey sweptUpTo;

    /// @param deadLetters takes records that cannot be handled
    SequencerProcessor(
            ProcessorContext<LogKey, SpecificRecord> context,
            TopicCatalogue topics,
            SequencerConfig config,
            RecordReader<ConversationKey, InboundCommand> records,
            Decider decider,
            ReportMeters meters,
            DeadLetters deadLetters) {
        this.context = context;
        this.records = records;
        this.decider = decider;
        this.meters = meters;
        Deliveries deliveries = new Deliveries(topics.deliveries().partitions());
        conversations = new ConversationStore(context, deliveries.shards(), config.cachedMembersMax());
        index = new MessageIndex(context);
        annotations = new AnnotationStore(context);
        people = MemberStores.of(context, topics.bans());
        Emitter emitter = new Emitter(context);
        // All conversations of a task are in one partition.
        Erasures<ConversationKey> erasures = new Erasures<>(key -> 0, emitter::nothing);
        ReportWriter reports = ReportWriter.of(
                people.reports(),
                emitter,
                new ReportWriter.ReportCare(
                        config.evidenceKeep(), config.messageRetention(), topics.reports(), meters));
        ChangeWriter writer =
                new ChangeWriter(conversations, index, annotations, people, deliveries, erasures, reports, emitter);
        this.writer = writer;
        guard = new CommandGuard(deadLetters, (inbound, answer) -> writer.answer(inbound, answer, now(context)));
        every(SWEEP_EVERY, now -> sweep(reports, now));
        every(topics.messages().segmentLife(), now -> {
            erasures.tick(now);
            reports.erasures().tick(now);
        });
        // As the views rewrite theirs.
        Duration eraseWithin = Objects.requireNonNull(topics.reports().life().eraseWithin());
        every(eraseWithin.dividedBy(6), now -> people.reports().rewrite(eraseWithin.dividedBy(2)));
    }

    private void every(Duration interval, Consumer<Instant> action) {
        context.schedule(
                interval, PunctuationType.WALL_CLOCK_TIME, nowMillis -> action.accept(Instant.ofEpochMilli(nowMillis)));
    }

    private void sweep(ReportWriter reports, Instant now) {
        ReportWriter.Swept swept = reports.sweep(sweptUpTo, now);
        sweptUpTo = swept.upTo();
        waiting = waiting.plus(swept.waiting());
        if (sweptUpTo == null) {
            meters.swept(partition(), waiting);
            waiting = ReportMeters.Backlog.NONE;
        }
    }

    @Override
    public void close() {
        meters.left(partition());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        switch (records.read(record, partition())) {
            case Reading.Malformed<?, ?> malformed -> guard.reject(record, malformed.reason());
            case Reading.Decoded<ConversationKey, InboundCommand> decoded ->
                read(record, decoded.key(), decoded.value());
        }
    }

    private void read(Record<byte[], byte[]> record, ConversationKey key, InboundCommand inbound) {
        CommandReading reading = guard.guarded(record, inbound, "command", () -> decider.read(key, inbound));
        switch (reading) {
            case null -> {}
            case Malformed(String reason) -> guard.reject(record, inbound, reason);
            case Unknown unknown -> guard.notUnderstood(inbound);
            case Known(Command command) -> decide(record, key, inbound, command);
        }
    }

    private void decide(Record<byte[], byte[]> record, ConversationKey key, InboundCommand inbound, Command command) {
        ConversationState state = conversations.load(key);
        Lookups lookups = new StoredLookups(key, index, annotations, people);
        Instant now = now(context);
        Decision decision =
                guard.guarded(record, inbound, "rules", () -> decider.decide(key, state, command, lookups, now));
        if (decision != null) {
            writer.apply(inbound, state, decision, decision.at());
        }
    }

    private int partition() {
        return context.taskId().partition();
    }

    private static Instant now(ProcessorContext<?, ?> context) {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
