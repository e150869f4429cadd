package chat.milena.topology.moderation;

import chat.milena.conversation.judge.Ruleset;
import chat.milena.schemas.avro.RecentSends;
import chat.milena.schemas.avro.SentMessage;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.key.KeySerde;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.AvroSerde;
import chat.milena.schemas.wire.SchemaIds;
import chat.milena.streams.deadletter.DeadLetterListener;
import chat.milena.streams.deadletter.DeadLetters;
import chat.milena.streams.deadletter.RecordReader;
import chat.milena.streams.graph.TaskProcessor;
import chat.milena.streams.graph.TopicSink;
import chat.milena.streams.run.CheckedStores;
import chat.milena.streams.run.CommitPacing;
import chat.milena.streams.run.StoreDamage;
import java.time.Duration;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The moderation application as a graph: messages in, commands of the actor `moderation` out.
///
/// ```text
///   chat.messages.v1 ────▶ judge ──▶ chat.inbound.v1, for what the content breaks
///                            └─────▶ chat.sends.v1, for the rules about senders
///   chat.sends.v1 ───────▶ senders ─▶ chat.inbound.v1, for what the sender breaks
///   chat.memberships.v1 ─▶ accounts (since when each account is known)
///   chat.tenants.v1 ─────▶ RuleTable, at every instance
/// ```
///
/// Records that cannot be handled go to chat.dead-letters.v1.
public final class ModerationTopology {
    /// The records of other processes may be late by as much as rules look back.
    private static final Duration SENDS_RETENTION = Ruleset.WITHIN_MAX.multipliedBy(2);

    /// How long the log of the store of sends keeps its records: what Streams makes of the retention of the store.
    public static final Duration SENDS_LOG_RETENTION = SENDS_RETENTION.plusDays(1);

    static final String JUDGE = "judge";
    static final String JUDGE_COMMANDS = "judge-commands";
    static final String SENDS_OUT = "judge-sends";
    static final String SENDERS = "senders";
    static final String SENDERS_COMMANDS = "senders-commands";

    /// (User, time) → the contents that the user sent then.
    static final String RECENT_SENDS = "recent-sends";

    /// User → since when the account is known.
    static final String ACCOUNTS = "accounts";

    private static final String MESSAGES = "messages";
    private static final String JUDGE_DEAD_LETTERS = "judge-dead-letters";
    private static final String SENDS_IN = "sends";
    private static final String SENDERS_DEAD_LETTERS = "senders-dead-letters";
    private static final String MEMBERSHIPS = "memberships";
    private static final String ACCOUNT_READER = "account-reader";

    private static final Duration SENDS_WINDOW = Duration.ofMillis(1);
    private static final int MESSAGE_BYTES_MAX = 1 << 20;

    private ModerationTopology() {}

    /// The topic that the store of sends is restored from.
    public static String sendsLog(String applicationId) {
        return applicationId + "-" + RECENT_SENDS + "-changelog";
    }

    /// Builds the graph over the topics of the catalogue.
    ///
    /// @param commits when its transactions are committed
    /// @param meters counts what rules decide
    /// @param listener notified of each dead letter
    /// @param damage of its stores
    public static Topology build(
            TopicCatalogue topics,
            SchemaIds ids,
            CommitPacing commits,
            JudgeMeters meters,
            DeadLetterListener listener,
            StoreDamage damage) {
        RuleCache rules = new RuleCache(topics.tenants(), meters);
        Topology topology = new Topology();

        RecordReader<EventKey, TimelineEvent> messages = new RecordReader<>(topics.messages(), MESSAGE_BYTES_MAX);
        messages.addSource(topology, MESSAGES);
        topology.addProcessor(
                JUDGE,
                commits.of(TaskProcessor.supplier(
                        Set.of(),
                        (ProcessorContext<LogKey, SpecificRecord> context) -> new JudgeProcessor(
                                context,
                                messages,
                                rules,
                                meters,
                                new DeadLetters(context, JUDGE_DEAD_LETTERS, topics.deadLetters(), listener)))),
                MESSAGES);
        TopicSink.add(topology, JUDGE_COMMANDS, topics.inbound(), JUDGE);
        TopicSink.add(topology, SENDS_OUT, topics.sends(), JUDGE);
        DeadLetters.addSink(topology, JUDGE_DEAD_LETTERS, topics.deadLetters(), JUDGE);

        StoreBuilder<?> accounts = Stores.keyValueStoreBuilder(
                CheckedStores.keyValue(ACCOUNTS, damage), new KeySerde<>(UserKey::fromBytes), Serdes.Long());
        StoreBuilder<?> sent = Stores.windowStoreBuilder(
                CheckedStores.window(RECENT_SENDS, SENDS_RETENTION, SENDS_WINDOW, damage),
                new KeySerde<>(UserKey::fromBytes),
                new AvroSerde<>(RecentSends.class, ids));
        RecordReader<UserKey, SentMessage> sends = new RecordReader<>(topics.sends(), MESSAGE_BYTES_MAX);
        sends.addSource(topology, SENDS_IN);
        topology.addProcessor(
                SENDERS,
                commits.of(TaskProcessor.supplier(
                        Set.of(accounts, sent),
                        (ProcessorContext<LogKey, SpecificRecord> context) -> new SenderProcessor(
                                context,
                                sends,
                                rules,
                                meters,
                                new DeadLetters(context, SENDERS_DEAD_LETTERS, topics.deadLetters(), listener)))),
                SENDS_IN);
        TopicSink.add(topology, SENDERS_COMMANDS, topics.inbound(), SENDERS);
        DeadLetters.addSink(topology, SENDERS_DEAD_LETTERS, topics.deadLetters(), SENDERS);

        new RecordReader<>(topics.memberships(), MESSAGE_BYTES_MAX).addSource(topology, MEMBERSHIPS);
        topology.addProcessor(
                ACCOUNT_READER,
                commits.of(TaskProcessor.supplier(
                        Set.of(accounts),
                        (ProcessorContext<Void, Void> context) -> new AccountProcessor(context, topics.memberships()))),
                MEMBERSHIPS);

        RuleTable.addTo(topology, topics);
        return topology;
    }
}
