package chat.milena.standalone.sync;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.resume.ResumedFrames;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.avro.FollowedThread;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.Reference;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.key.FollowKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.ReferenceKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.streams.run.CommitPacing;
import chat.milena.streams.run.CommitWatch;
import chat.milena.streams.run.StoreDamage;
import chat.milena.syncapi.read.ConversationReader;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.view.View;
import chat.milena.syncapi.view.ViewsOfLog;
import chat.milena.topology.sequencer.ReportMeters;
import chat.milena.topology.sequencer.SequencerConfig;
import chat.milena.topology.sequencer.SequencerTopology;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.jspecify.annotations.Nullable;

/// One conversation through the real sequencer, and the real views of what it wrote. For one thread.
final class SequencedChat implements AutoCloseable {
    static final ConversationKey KEY = new ConversationKey("t", "c");
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private static final ShippedSchemas IDS = ShippedSchemas.load();
    private static final Duration RETENTION = Duration.ofDays(30);
    private static final TopicCatalogue TOPICS = new TopicCatalogue(new Sizing(1, 1, 1, 1, 1, RETENTION), IDS);
    private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);

    final NavigableMap<Long, TimelineEvent> events = new TreeMap<>();
    final NavigableMap<String, Member> members = new TreeMap<>();
    final NavigableMap<String, Receipt> receipts = new TreeMap<>();
    final Map<String, NavigableMap<Long, Reference>> references = new TreeMap<>();
    final Map<FollowKey, FollowedThread> follows = new HashMap<>();

    private final CommandFactory commands = new CommandFactory("gw", CLOCK);
    private final ConversationReader reader = new ConversationReader(tenant -> RETENTION);
    private final TopologyTestDriver driver;
    private final TestInputTopic<ConversationKey, InboundCommand> inbound;
    private final Map<View, Output<?, ?>> outputs = new EnumMap<>(View.class);
    private final Map<View, List<Logged>> log = new EnumMap<>(View.class);
    private final TestOutputTopic<?, FanoutEvent> fanout;
    private final TestOutputTopic<?, Delivery> deliveries;
    private ViewsOfLog views = new ViewsOfLog(TOPICS);
    private Instant now = NOON;
    private boolean large;

    private record Logged(Bytes key, @Nullable Bytes value) {}

    private record Output<K extends LogKey, V extends SpecificRecord>(
            TopicSpec<K, V> topic, TestOutputTopic<K, V> records) {}

    /// @param largeFrom the number of members from which a group is large
    SequencedChat(Path stateFolder, int largeFrom) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "sequencer");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
        CommitPacing pacing = new CommitPacing(
                Duration.ofMillis(5), Duration.ofMillis(25), CommitWatch.of("test", new SimpleMeterRegistry()));
        SequencerConfig config = new SequencerConfig(
                20,
                largeFrom,
                largeFrom - 1,
                100,
                RETENTION,
                Duration.ZERO,
                SequencerConfig.DEVICE_LIFE,
                SequencerConfig.EVIDENCE_KEEP);
        driver = new TopologyTestDriver(
                SequencerTopology.build(
                        TOPICS,
                        IDS,
                        config,
                        pacing,
                        new SequencerTopology.Watchers(
                                topic -> {}, new StoreDamage(() -> {}), new ReportMeters(new SimpleMeterRegistry()))),
                settings,
                NOON);
        inbound = driver.createInputTopic(
                TOPICS.inbound().name(),
                TOPICS.inbound().keys().serializer(),
                TOPICS.inbound().values().serializer());
        for (View view : View.all()) {
            outputs.put(view, output(view.topic(TOPICS)));
            log.put(view, new ArrayList<>());
        }
        fanout = output(TOPICS.fanout()).records();
        deliveries = output(TOPICS.deliveries()).records();
    }

    private <K extends LogKey, V extends SpecificRecord> Output<K, V> output(TopicSpec<K, V> topic) {
        return new Output<>(
                topic,
                driver.createOutputTopic(
                        topic.name(),
                        topic.keys().deserializer(),
                        topic.values().deserializer()));
    }

    CommandFactory commands() {
        return commands;
    }

    static Caller member(String userId) {
        return new Caller(new UserKey(KEY.tenant(), userId), false);
    }

    Instant now() {
        return now;
    }

    void moves(Duration time) {
        now = now.plus(time);
        driver.advanceWallClockTime(time);
    }

    /// Handles a command.
    ///
    /// @return what is delivered because of it
    List<Delivery> handles(InboundCommand command) {
        inbound.pipeInput(KEY, command);
        outputs.forEach((view, output) -> {
            for (KeyValue<? extends LogKey, ? extends SpecificRecord> record : written(view, output)) {
                keep(view, record.key, record.value);
            }
        });
        List<Delivery> delivered = new ArrayList<>(deliveries.readValuesToList());
        fanout.readValuesToList().forEach(event -> delivered.add(expanded(event)));
        return delivered;
    }

    /// An event of a large group, for all members after it and those who left with it.
    private Delivery expanded(FanoutEvent event) {
        Set<String> recipients = new TreeSet<>(members.keySet());
        event.getEvent().getParticipants().forEach(participant -> recipients.add(participant.getUserId()));
        Delivery delivery = new Delivery();
        delivery.setTenant(KEY.tenant());
        delivery.setConversationId(KEY.conversationId());
        delivery.setRecipients(List.copyOf(recipients));
        delivery.setEvent(event.getEvent());
        delivery.setConversation(event.getConversation());
        delivery.setContent(event.getContent());
        delivery.setReaction(event.getReaction());
        return delivery;
    }

    private <K extends LogKey, V extends SpecificRecord> List<KeyValue<K, V>> written(View view, Output<K, V> output) {
        List<KeyValue<K, V>> records = output.records().readKeyValuesToList();
        for (KeyValue<K, V> record : records) {
            Bytes key = Bytes.wrap(record.key.toBytes());
            byte[] value = record.value == null
                    ? null
                    : output.topic()
                            .values()
                            .serializer()
                            .serialize(output.topic().name(), record.value);
            Objects.requireNonNull(log.get(view)).add(new Logged(key, Bytes.wrap(value)));
            views.add(view, key, value);
        }
        return records;
    }

    private void keep(View view, LogKey key, @Nullable SpecificRecord value) {
        switch (view) {
            case HISTORY -> put(events, ((EventKey) key).sequenceNumber(), (TimelineEvent) value);
            case MEMBERS -> put(members, ((MemberKey) key).userId(), (Member) value);
            case RECEIPTS -> put(receipts, ((MemberKey) key).userId(), (Receipt) value);
            case REFERENCES -> {
                ReferenceKey reference = (ReferenceKey) key;
                put(
                        references.computeIfAbsent(reference.list(), none -> new TreeMap<>()),
                        reference.number(),
                        (Reference) value);
            }
            case THREADS -> put(follows, (FollowKey) key, (FollowedThread) value);
            case CONVERSATIONS -> large = ((Conversation) Objects.requireNonNull(value)).getLarge();
            case ANNOTATIONS, MEMBERSHIPS, USERS, PERSONAL, BLOCKS, DEVICES, BANS, REPORTS, WARNINGS -> {}
        }
    }

    private static <K, V> void put(Map<K, V> view, K key, @Nullable V value) {
        if (value == null) {
            view.remove(key);
        } else {
            view.put(key, value);
        }
    }

    /// Builds the views again from a log that Kafka has compacted in part, topic by topic in any order, and reads from
    /// them from now on. They hold what those before held.
    void rebuildsViews(Random random) {
        ViewsOfLog rebuilt = new ViewsOfLog(TOPICS);
        List<View> order = new ArrayList<>(View.all());
        Collections.shuffle(order, random);
        for (View view : order) {
            compacted(Objects.requireNonNull(log.get(view)), random)
                    .forEach(record -> rebuilt.add(
                            view,
                            record.key(),
                            record.value() == null ? null : record.value().get()));
            assertThat(rebuilt.held(view)).as("rebuilt %s", view).isEqualTo(views.held(view));
        }
        views = rebuilt;
    }

    /// Without some of the records that a later one of the same key replaces.
    private static List<Logged> compacted(List<Logged> records, Random random) {
        Map<Bytes, Integer> last = new HashMap<>();
        for (int i = 0; i < records.size(); i++) {
            last.put(records.get(i).key(), i);
        }
        List<Logged> left = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            if (i == Objects.requireNonNull(last.get(records.get(i).key())) || random.nextBoolean()) {
                left.add(records.get(i));
            }
        }
        return left;
    }

    /// The frames for a user who resumes after these deliveries were missed.
    static List<byte[]> resumed(String userId, List<Delivery> missed) {
        return ResumedFrames.of(new UserKey(KEY.tenant(), userId), missed, TOPICS.deliveries(), CLOCK);
    }

    boolean isLarge() {
        return large;
    }

    /// What the reader is answered now, or refused.
    ReadAnswer<?> asked(Read.OfConversation<?> read) {
        return reader.answer(views.views(), read, now);
    }

    /// What the reader is answered now.
    <T extends Record> T answer(Read.OfConversation<T> read) {
        return switch (read.narrow(asked(read))) {
            case ReadAnswer.Answered<T>(var value) -> value;
            case ReadAnswer.Refused<T> refused -> throw new AssertionError(refused);
        };
    }

    @Override
    public void close() {
        driver.close();
    }
}
