package chat.milena.standalone.sync;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.ConversationProperties;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Writes the canonical topics as the sequencer does: one transaction a change, and some that are aborted in between.
/// Safe for all threads.
final class ViewsLog implements AutoCloseable {
    static final String TENANT = "shop";

    /// What nobody may ever read.
    static final String ABORTED = "aborted";

    private static final int ABORT_EVERY = 3;

    private final TopicCatalogue topics;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<ConversationKey, Long> last = new HashMap<>();
    private long commits;

    ViewsLog(KafkaClients clients, TopicCatalogue topics) {
        this.topics = topics;
        Map<String, Object> settings =
                clients.producer(Map.of("transactional.id", "views-log", "retry.backoff.ms", 1L));
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
    }

    /// A group of these; event 1 makes it.
    synchronized ConversationKey creates(String conversationId, String... userIds) {
        ConversationKey key = new ConversationKey(TENANT, conversationId);
        ConversationSettings settings = new ConversationSettings(false, false, true, false, 0, false);
        Instant now = now();
        TimelineEvent event = event(key, 1, "conversation.created", userIds[0]);
        event.setConversation(new ConversationProperties("group", "plans", settings, null, null));
        event.setParticipants(
                Arrays.stream(userIds).map(id -> new Participant(id, "member")).toList());
        Conversation conversation = new Conversation(
                TENANT,
                conversationId,
                "group",
                "plans",
                settings,
                userIds[0],
                now,
                userIds.length,
                false,
                1L,
                null,
                null,
                null);
        begin(key);
        write(topics.messages(), new EventKey(key, 1), event);
        write(topics.conversations(), key, conversation);
        for (String userId : userIds) {
            Member member = new Member(TENANT, conversationId, userId, "member", now, 1L, null, true, 1L, false);
            write(topics.members(), new MemberKey(key, userId), member);
            write(topics.memberships(), new MembershipKey(new UserKey(TENANT, userId), conversationId), member);
        }
        producer.commitTransaction();
        last.put(key, 1L);
        return key;
    }

    /// Commits a message with this text.
    ///
    /// @return its number
    synchronized long says(ConversationKey key, String userId, String text) {
        begin(key);
        long number = last(key) + 1;
        write(topics.messages(), new EventKey(key, number), message(key, number, userId, text));
        producer.commitTransaction();
        last.put(key, number);
        return number;
    }

    /// Commits how far a member has read.
    synchronized void reads(ConversationKey key, String userId, long number) {
        begin(key);
        Receipt receipt = new Receipt(TENANT, key.conversationId(), userId, number, now(), number, now(), 0L, null);
        write(topics.receipts(), new MemberKey(key, userId), receipt);
        producer.commitTransaction();
    }

    /// Writes what would be the next message, and takes it back.
    synchronized void aborts(ConversationKey key) {
        long number = last(key) + 1;
        producer.beginTransaction();
        write(topics.messages(), new EventKey(key, number), message(key, number, "mallory", ABORTED));
        producer.flush();
        producer.abortTransaction();
    }

    synchronized long last(ConversationKey key) {
        return last.getOrDefault(key, 0L);
    }

    private void begin(ConversationKey key) {
        if (++commits % ABORT_EVERY == 0) {
            aborts(key);
        }
        producer.beginTransaction();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The commit fails if one of them did.
    private <K extends LogKey, V extends SpecificRecord> void write(TopicSpec<K, V> topic, K key, V value) {
        byte[] bytes = topic.values().serializer().serialize(topic.name(), value);
        producer.send(new ProducerRecord<>(topic.name(), topic.partitionOf(key), key.toBytes(), bytes));
    }

    private static TimelineEvent message(ConversationKey key, long number, String userId, String text) {
        TimelineEvent event = event(key, number, "message", userId);
        event.setMessage(new Message("m" + number, new Content("text", text, null, null, null), null, null, null));
        return event;
    }

    private static TimelineEvent event(ConversationKey key, long number, String kind, String actorId) {
        return new TimelineEvent(
                TENANT,
                key.conversationId(),
                number,
                number - 1,
                now(),
                kind,
                actorId,
                null,
                null,
                List.of(),
                0L,
                1,
                "member",
                0L,
                null,
                0L,
                null,
                null,
                null,
                null,
                0L,
                null,
                0L,
                0L);
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public void close() {
        producer.close();
    }
}
