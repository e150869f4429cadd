package chat.milena.topology.users;

import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.SchemaIds;
import chat.milena.streams.deadletter.DeadLetterListener;
import chat.milena.streams.deadletter.DeadLetters;
import chat.milena.streams.deadletter.RecordReader;
import chat.milena.streams.graph.TaskProcessor;
import chat.milena.streams.graph.TopicSink;
import chat.milena.streams.run.CommitPacing;
import chat.milena.streams.run.StoreDamage;
import java.time.Duration;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/// Commands of users on their own state, as a graph beside the sequencer's.
///
/// ```text
///   chat.user-commands.v1 ──▶ users ──▶ chat.users.v1
///                        (6 stores) ──▶ chat.blocks.v1, chat.devices.v1, chat.warnings.v1
///                                   ──▶ chat.bans.v1, chat.moderation.v1
///                                   ──▶ chat.inbound.v1, for the direct conversation of the two people of a block
///                                   ──▶ chat.user-commands.v1, for the address of a registration and who had it
///                                   ──▶ chat.deliveries.v1, for one's own devices
///                                   ──▶ chat.dead-letters.v1, for records that cannot be handled
///
///   chat.bans.v1 ──▶ BanTable, at every sequencer
/// ```
public final class UserTopology {
    /// After the sequencer's source in the order of names: Streams numbers tasks by it, and their state is found
    /// by that number.
    static final String COMMANDS = "user-commands";

    static final String PROCESSOR = "users";
    static final String USERS = "users-state";
    static final String BLOCKS = "users-blocks";
    static final String DEVICES = "users-devices";
    static final String WARNINGS = "users-warnings";
    static final String BANS = "users-bans";
    static final String MODERATION = "users-moderation";
    static final String INBOUND = "users-inbound";
    static final String AGAIN = "users-again";
    static final String DELIVERIES = "users-deliveries";
    static final String DEAD_LETTERS = "users-dead-letters";

    /// Four times what a gateway accepts from a client.
    private static final int COMMAND_BYTES_MAX = 256 << 10;

    private UserTopology() {}

    /// Adds the graph over the topics of the catalogue.
    ///
    /// @param deviceLife how long a registration for push counts that is not repeated
    /// @param commits when its transactions are committed
    /// @param listener notified of each dead letter
    /// @param damage of its stores
    public static void addTo(
            Topology topology,
            TopicCatalogue topics,
            SchemaIds ids,
            Duration deviceLife,
            CommitPacing commits,
            DeadLetterListener listener,
            StoreDamage damage) {
        RecordReader<UserKey, InboundCommand> reader = new RecordReader<>(topics.userCommands(), COMMAND_BYTES_MAX);
        reader.addSource(topology, COMMANDS);
        topology.addProcessor(
                PROCESSOR,
                commits.of(TaskProcessor.supplier(
                        UserStores.builders(ids, damage),
                        (ProcessorContext<LogKey, SpecificRecord> context) -> new UserProcessor(
                                context,
                                reader,
                                topics.deliveries().partitions(),
                                deviceLife,
                                new DeadLetters(context, DEAD_LETTERS, topics.deadLetters(), listener)))),
                COMMANDS);
        TopicSink.add(topology, USERS, topics.users(), PROCESSOR);
        TopicSink.add(topology, BLOCKS, topics.blocks(), PROCESSOR);
        TopicSink.add(topology, DEVICES, topics.devices(), PROCESSOR);
        TopicSink.add(topology, WARNINGS, topics.warnings(), PROCESSOR);
        TopicSink.add(topology, BANS, topics.bans(), PROCESSOR);
        TopicSink.add(topology, MODERATION, topics.moderation(), PROCESSOR);
        TopicSink.add(topology, INBOUND, topics.inbound(), PROCESSOR);
        TopicSink.add(topology, AGAIN, topics.userCommands(), PROCESSOR);
        TopicSink.add(topology, DELIVERIES, topics.deliveries(), PROCESSOR);
        DeadLetters.addSink(topology, DEAD_LETTERS, topics.deadLetters(), PROCESSOR);
        BanTable.addTo(topology, topics);
    }
}
