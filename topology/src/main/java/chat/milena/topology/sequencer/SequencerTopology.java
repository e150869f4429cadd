package chat.milena.topology.sequencer;

import chat.milena.conversation.rules.RuleBook;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.topic.Cleanup;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.SchemaIds;
import chat.milena.streams.deadletter.DeadLetterListener;
import chat.milena.streams.deadletter.DeadLetters;
import chat.milena.streams.deadletter.RecordReader;
import chat.milena.streams.graph.TaskProcessor;
import chat.milena.streams.graph.TopicSink;
import chat.milena.streams.run.CommitPacing;
import chat.milena.streams.run.StoreDamage;
import chat.milena.topology.annotation.AnnotationStore;
import chat.milena.topology.command.PastEvents;
import chat.milena.topology.users.UserTopology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.StoreBuilder;

/// The sequencer as a graph: commands in, the canonical log, the state and the deliveries out.
///
/// ```text
///   chat.inbound.v1 ──▶ sequencer ──▶ chat.messages.v1
///                       (16 stores)─▶ chat.annotations.v1
///                                 ──▶ chat.deliveries.v1
///                                 ──▶ chat.fanout.v1, for large groups, in place of deliveries
///                                 ──▶ chat.conversations.v1, chat.members.v1, chat.memberships.v1
///                                 ──▶ chat.receipts.v1, chat.references.v1, chat.personal.v1, chat.threads.v1
///                                 ──▶ chat.reports.v1, chat.moderation.v1
///                                 ──▶ chat.user-commands.v1, for bans and warnings of decisions
///                                 ──▶ chat.dead-letters.v1, for records that cannot be handled
/// ```
///
/// Beside it, what users ask of their own state: [UserTopology].
public final class SequencerTopology {
    static final String INBOUND = "inbound";
    static final String SEQUENCER = "sequencer";
    static final String MESSAGES = "messages";
    static final String ANNOTATIONS = "annotations";
    static final String DELIVERIES = "deliveries";
    static final String FANOUT = "fanout";
    static final String CONVERSATIONS = "conversations-state";
    static final String MEMBERS = "members-state";
    static final String MEMBERSHIPS = "memberships-state";
    static final String RECEIPTS = "receipts-state";
    static final String REFERENCES = "references-state";
    static final String PERSONAL = "personal-state";
    static final String THREADS = "threads-state";
    static final String REPORTS = "reports-state";
    static final String MODERATION = "moderation";
    static final String USER_COMMANDS = "commands-for-users";

    /// Four times what a gateway accepts from a client. With the ids of all members of the largest group added,
    /// the records of a command still fit into their topics.
    private static final int COMMAND_BYTES_MAX = 256 << 10;

    /// What Streams adds to the retention of a window store's log.
    private static final Duration LOG_RETENTION_ADDED = Duration.ofDays(1);

    private SequencerTopology() {}

    /// What is notified of its work.
    ///
    /// @param deadLetters of each dead letter
    /// @param damage of its stores
    /// @param reports of what waits for moderators
    public record Watchers(DeadLetterListener deadLetters, StoreDamage damage, ReportMeters reports) {}

    /// The topic that the index of messages is restored from.
    public static String indexLog(String applicationId) {
        return changelog(applicationId, SequencerStores.MESSAGE_INDEX);
    }

    /// The topics that hold something of messages, for as long as these are kept.
    public static List<String> logsOfMessages(String applicationId) {
        return Stream.of(SequencerStores.MESSAGE_INDEX, AnnotationStore.REACTIONS, SequencerStores.REPORTS)
                .map(store -> changelog(applicationId, store))
                .toList();
    }

    /// The topic that the copies of reported messages are restored from.
    public static String openReportsLog(String applicationId) {
        return changelog(applicationId, SequencerStores.OPEN_REPORTS);
    }

    /// The layout and settings of that topic: a copy is erased in the time that holds for messages.
    ///
    /// @param name its name
    public static TopicSpec<?, ?> openReportsLog(TopicCatalogue topics, String name) {
        return topics.messages().as(name, Cleanup.COMPACT, null);
    }

    /// The topics with a record of every conversation, in its partition.
    public static List<String> changelogs(String applicationId) {
        return Stream.of(SequencerStores.SEQUENCES, SequencerStores.CONVERSATIONS, SequencerStores.MEMBERS)
                .map(store -> changelog(applicationId, store))
                .toList();
    }

    private static String changelog(String applicationId, String store) {
        return applicationId + "-" + store + "-changelog";
    }

    /// How long the logs of messages keep their records. Streams sets it when it makes a topic, and never again.
    public static Duration indexLogRetention(Duration messageRetention) {
        return messageRetention.plus(LOG_RETENTION_ADDED);
    }

    /// Builds the graph over the topics of the catalogue.
    ///
    /// @param commits when its transactions are committed
    public static Topology build(
            TopicCatalogue topics, SchemaIds ids, SequencerConfig config, CommitPacing commits, Watchers watchers) {
        return again(topics, ids, config, commits, watchers, PastEvents.NONE);
    }

    /// The same, for a second run of the commands.
    ///
    /// @param past the events of the first run
    public static Topology again(
            TopicCatalogue topics,
            SchemaIds ids,
            SequencerConfig config,
            CommitPacing commits,
            Watchers watchers,
            PastEvents past) {
        RuleBook rules = RuleBook.of(
                config.membersMax(),
                config.largeFrom(),
                config.receiptsMax(),
                config.messageRetention(),
                config.editWithin());
        return build(topics, ids, config, commits, watchers, Decider.of(rules, past));
    }

    static Topology build(
            TopicCatalogue topics,
            SchemaIds ids,
            SequencerConfig config,
            CommitPacing commits,
            Watchers watchers,
            Decider decider) {
        RecordReader<ConversationKey, InboundCommand> reader = new RecordReader<>(topics.inbound(), COMMAND_BYTES_MAX);
        Topology topology = new Topology();
        reader.addSource(topology, INBOUND);
        topology.addProcessor(
                SEQUENCER,
                commits.of(TaskProcessor.supplier(
                        stores(topics, ids, config, watchers.damage()),
                        (ProcessorContext<LogKey, SpecificRecord> context) -> new SequencerProcessor(
                                context,
                                topics,
                                config,
                                reader,
                                decider,
                                watchers.reports(),
                                new DeadLetters(context, topics.deadLetters(), watchers.deadLetters())))),
                INBOUND);
        TopicSink.add(topology, MESSAGES, topics.messages(), SEQUENCER);
        TopicSink.add(topology, ANNOTATIONS, topics.annotations(), SEQUENCER);
        TopicSink.add(topology, DELIVERIES, topics.deliveries(), SEQUENCER);
        TopicSink.add(topology, FANOUT, topics.fanout(), SEQUENCER);
        TopicSink.add(topology, CONVERSATIONS, topics.conversations(), SEQUENCER);
        TopicSink.add(topology, MEMBERS, topics.members(), SEQUENCER);
        TopicSink.add(topology, MEMBERSHIPS, topics.memberships(), SEQUENCER);
        TopicSink.add(topology, RECEIPTS, topics.receipts(), SEQUENCER);
        TopicSink.add(topology, REFERENCES, topics.references(), SEQUENCER);
        TopicSink.add(topology, PERSONAL, topics.personal(), SEQUENCER);
        TopicSink.add(topology, THREADS, topics.threads(), SEQUENCER);
        TopicSink.add(topology, REPORTS, topics.reports(), SEQUENCER);
        TopicSink.add(topology, MODERATION, topics.moderation(), SEQUENCER);
        TopicSink.add(topology, USER_COMMANDS, topics.userCommands(), SEQUENCER);
        DeadLetters.addSink(topology, topics.deadLetters(), SEQUENCER);
        UserTopology.addTo(
                topology, topics, ids, config.deviceLife(), commits, watchers.deadLetters(), watchers.damage());
        return topology;
    }

    private static Set<StoreBuilder<?>> stores(
            TopicCatalogue topics, SchemaIds ids, SequencerConfig config, StoreDamage damage) {
        Map<String, String> erasable =
                openReportsLog(topics, SequencerStores.OPEN_REPORTS).settings();
        return SequencerStores.builders(ids, config.messageRetention(), erasable, damage);
    }
}
