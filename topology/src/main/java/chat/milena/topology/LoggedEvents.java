package chat.milena.topology;

import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.topology.command.PastEvents;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/// All events of a log, by conversation and number: how each was decided, and a digest of its record as this release
/// writes it. The latest record of a number counts. For one thread until it is filled, then for all.
///
/// **Bound.** It rejects more events than the heap has room for.
public final class LoggedEvents implements PastEvents {
    /// For each event, with its places in the maps.
    private static final long BYTES_EACH = 300;

    private final TopicSpec<EventKey, TimelineEvent> topic;
    private final Map<ConversationKey, TreeMap<Long, Event>> conversations = new HashMap<>();
    private final long eventsMax;
    private long events;

    private record Event(int rulesVersion, Instant at, long digest) {}

    /// Holds nothing yet.
    ///
    /// @param heapBytes for this object
    public LoggedEvents(TopicSpec<EventKey, TimelineEvent> topic, long heapBytes) {
        this.topic = topic;
        this.eventsMax = heapBytes / BYTES_EACH;
    }

    /// Adds a record of the log.
    ///
    /// @throws KafkaException if it is not an event of this release or an earlier one, or there are too many
    public void add(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            // It only closes a file.
            return;
        }
        EventKey key;
        TimelineEvent event;
        try {
            key = topic.keys().deserializer().deserialize(topic.name(), record.key());
            event = topic.values().deserializer().deserialize(topic.name(), record.value());
        } catch (SerializationException e) {
            throw new KafkaException(
                    "cannot read " + record.topic() + "-" + record.partition() + " at offset " + record.offset(), e);
        }
        byte[] written = topic.values().serializer().serialize(topic.name(), event);
        Event before = conversations
                .computeIfAbsent(key.conversation(), made -> new TreeMap<>())
                .put(key.sequenceNumber(), new Event(event.getRulesVersion(), event.getTimestamp(), digest(written)));
        if (before == null && ++events > eventsMax) {
            throw new KafkaException("the log has more than " + eventsMax
                    + " events: this needs a larger heap (MILENA_JAVA_OPTS=-Xmx…)");
        }
    }

    @Override
    public @Nullable Past of(ConversationKey key, long sequenceNumber) {
        TreeMap<Long, Event> ofConversation = conversations.get(key);
        Event event = ofConversation == null ? null : ofConversation.get(sequenceNumber);
        return event == null ? null : new Past(event.rulesVersion(), event.at());
    }

    /// All conversations.
    public Set<ConversationKey> conversations() {
        return Collections.unmodifiableSet(conversations.keySet());
    }

    /// How many events there are.
    public long size() {
        return events;
    }

    /// Whether the log has events of this conversation, but lacks its first one or had it before this moment.
    public boolean beganBefore(ConversationKey key, Instant moment) {
        TreeMap<Long, Event> ofConversation = conversations.get(key);
        if (ofConversation == null) {
            return false;
        }
        Event first = ofConversation.get(1L);
        return first == null || first.at().isBefore(moment);
    }

    /// The conversations that differ from those of another log, each with the first number that differs. Conversations
    /// that are in only one of them differ from number 1 on.
    ///
    /// @param isLeftOut conversations that are not compared
    public Map<ConversationKey, Long> differences(LoggedEvents other, Predicate<ConversationKey> isLeftOut) {
        Map<ConversationKey, Long> differences = new HashMap<>();
        compare(this, other, isLeftOut, differences);
        compare(other, this, isLeftOut, differences);
        return differences;
    }

    private static void compare(
            LoggedEvents one,
            LoggedEvents other,
            Predicate<ConversationKey> isLeftOut,
            Map<ConversationKey, Long> differences) {
        one.conversations.forEach((key, events) -> {
            TreeMap<Long, Event> others = other.conversations.getOrDefault(key, new TreeMap<>());
            for (Map.Entry<Long, Event> event : events.entrySet()) {
                if (!event.getValue().equals(others.get(event.getKey())) && !isLeftOut.test(key)) {
                    differences.merge(key, event.getKey(), Math::min);
                    return;
                }
            }
        });
    }

    private static long digest(byte[] bytes) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has SHA-256", e);
        }
    }
}
