package chat.milena.standalone.sync;

import chat.milena.gateway.command.CommandFactory;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.Annotation;
import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.FollowedThread;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.Reference;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.AnnotationKey;
import chat.milena.schemas.key.ConversationKey;
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
import chat.milena.syncapi.read.ConversationViews;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.Read.Order;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.topology.sequencer.SequencerConfig;
import chat.milena.topology.sequencer.SequencerTopology;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.jspecify.annotations.Nullable;

/// One conversation through the real sequencer, and the views of what it wrote: of each key the last record.
/// For one thread.
final class SequencedChat implements ConversationViews, AutoCloseable {
    static final ConversationKey KEY = new ConversationKey("t", "c");
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private static final ShippedSchemas IDS = ShippedSchemas.load();
    private static final Duration RETENTION = Duration.ofDays(30);
    private static final TopicCatalogue TOPICS = new TopicCatalogue(new Sizing(1, 1, 1, 1, 1, RETENTION), IDS);

    final NavigableMap<Long, TimelineEvent> events = new TreeMap<>();
    final NavigableMap<Long, NavigableMap<String, Annotation>> annotations = new TreeMap<>();
    final NavigableMap<String, Member> members = new TreeMap<>();
    final NavigableMap<String, Receipt> receipts = new TreeMap<>();
    final Map<String, NavigableMap<Long, Reference>> references = new TreeMap<>();
    final Map<FollowKey, FollowedThread> follows = new HashMap<>();
    private @Nullable Conversation conversation;

    private final CommandFactory commands = new CommandFactory("gw", Clock.fixed(NOON, ZoneOffset.UTC));
    private final ConversationReader reader = new ConversationReader(tenant -> RETENTION);
    private final TopologyTestDriver driver;
    private final TestInputTopic<ConversationKey, InboundCommand> inbound;
    private final TestOutputTopic<?, TimelineEvent> messages;
    private final TestOutputTopic<AnnotationKey, Annotation> annotationLog;
    private final TestOutputTopic<?, Conversation> conversations;
    private final TestOutputTopic<MemberKey, Member> memberLog;
    private final TestOutputTopic<MemberKey, Receipt> receiptLog;
    private final TestOutputTopic<ReferenceKey, Reference> referenceLog;
    private final TestOutputTopic<FollowKey, FollowedThread> followLog;
    private final TestOutputTopic<?, Delivery> deliveries;
    private Instant now = NOON;

    SequencedChat(Path stateFolder) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "sequencer");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
        CommitPacing pacing = new CommitPacing(
                Duration.ofMillis(5), Duration.ofMillis(25), CommitWatch.of("test", new SimpleMeterRegistry()));
        SequencerConfig config = new SequencerConfig(20, 20, 100, RETENTION, Duration.ZERO);
        driver = new TopologyTestDriver(
                SequencerTopology.build(TOPICS, IDS, config, pacing, topic -> {}, new StoreDamage(() -> {})),
                settings,
                NOON);
        inbound = driver.createInputTopic(
                TOPICS.inbound().name(),
                TOPICS.inbound().keys().serializer(),
                TOPICS.inbound().values().serializer());
        messages = output(TOPICS.messages());
        annotationLog = output(TOPICS.annotations());
        conversations = output(TOPICS.conversations());
        memberLog = output(TOPICS.members());
        receiptLog = output(TOPICS.receipts());
        referenceLog = output(TOPICS.references());
        followLog = output(TOPICS.threads());
        deliveries = output(TOPICS.deliveries());
    }

    private <K extends LogKey, V extends SpecificRecord> TestOutputTopic<K, V> output(TopicSpec<K, V> topic) {
        return driver.createOutputTopic(
                topic.name(), topic.keys().deserializer(), topic.values().deserializer());
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
        for (TimelineEvent event : messages.readValuesToList()) {
            events.put(event.getSequenceNumber(), event);
        }
        for (KeyValue<AnnotationKey, Annotation> record : annotationLog.readKeyValuesToList()) {
            put(
                    annotations.computeIfAbsent(record.key.sequenceNumber(), none -> new TreeMap<>()),
                    record.key.userId(),
                    record.value);
        }
        conversations.readValuesToList().forEach(next -> conversation = next);
        for (KeyValue<MemberKey, Member> record : memberLog.readKeyValuesToList()) {
            put(members, record.key.userId(), record.value);
        }
        for (KeyValue<MemberKey, Receipt> record : receiptLog.readKeyValuesToList()) {
            put(receipts, record.key.userId(), record.value);
        }
        for (KeyValue<ReferenceKey, Reference> record : referenceLog.readKeyValuesToList()) {
            NavigableMap<Long, Reference> list = references.computeIfAbsent(record.key.list(), none -> new TreeMap<>());
            if (record.value == null) {
                list.remove(record.key.number());
            } else {
                list.put(record.key.number(), record.value);
            }
        }
        for (KeyValue<FollowKey, FollowedThread> record : followLog.readKeyValuesToList()) {
            if (record.value == null) {
                follows.remove(record.key);
            } else {
                follows.put(record.key, record.value);
            }
        }
        return deliveries.readValuesToList();
    }

    private static <V> void put(NavigableMap<String, V> view, String userId, @Nullable V value) {
        if (value == null) {
            view.remove(userId);
        } else {
            view.put(userId, value);
        }
    }

    /// What the reader is answered now, or refused.
    ReadAnswer<?> asked(Read.OfConversation<?> read) {
        return reader.answer(this, read, now);
    }

    /// What the reader is answered now.
    <T extends Record> T answer(Read.OfConversation<T> read) {
        return switch (read.narrow(reader.answer(this, read, now))) {
            case ReadAnswer.Answered<T>(var value) -> value;
            case ReadAnswer.Refused<T> refused -> throw new AssertionError(refused);
        };
    }

    @Override
    public @Nullable Conversation conversation(ConversationKey key) {
        return conversation;
    }

    @Override
    public @Nullable Member member(MemberKey key) {
        return members.get(key.userId());
    }

    @Override
    public List<Member> members(ConversationKey key, String afterUserId, int limit) {
        return members.tailMap(afterUserId, false).values().stream()
                .limit(limit)
                .toList();
    }

    @Override
    public @Nullable Annotation annotation(AnnotationKey key) {
        return annotations.getOrDefault(key.sequenceNumber(), new TreeMap<>()).get(key.userId());
    }

    @Override
    public List<Annotation> additions(ConversationKey key, long sequenceNumber, String afterUserId, int limit) {
        return annotations.getOrDefault(sequenceNumber, new TreeMap<>()).tailMap(afterUserId, false).values().stream()
                .limit(limit)
                .toList();
    }

    @Override
    public @Nullable Receipt receipt(MemberKey key) {
        return receipts.get(key.userId());
    }

    @Override
    public List<Receipt> receipts(ConversationKey key, String afterUserId, int limit) {
        return receipts.tailMap(afterUserId, false).values().stream()
                .limit(limit)
                .toList();
    }

    @Override
    public void events(ConversationKey key, long from, long to, Order order, Predicate<TimelineEvent> goesOn) {
        NavigableMap<Long, TimelineEvent> range = events.subMap(from, true, to, true);
        for (TimelineEvent event : (order == Order.OLDEST_FIRST ? range : range.descendingMap()).values()) {
            if (!goesOn.test(event)) {
                return;
            }
        }
    }

    @Override
    public @Nullable Reference reference(ReferenceKey key) {
        return references.getOrDefault(key.list(), new TreeMap<>()).get(key.number());
    }

    @Override
    public void references(ReferenceKey from, long to, Order order, Predicate<Reference> goesOn) {
        NavigableMap<Long, Reference> range =
                references.getOrDefault(from.list(), new TreeMap<>()).subMap(from.number(), true, to, true);
        for (Reference reference : (order == Order.OLDEST_FIRST ? range : range.descendingMap()).values()) {
            if (!goesOn.test(reference)) {
                return;
            }
        }
    }

    @Override
    public void close() {
        driver.close();
    }
}
