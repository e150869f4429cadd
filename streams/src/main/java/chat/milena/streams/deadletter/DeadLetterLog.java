package chat.milena.streams.deadletter;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.PartitionReader;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.schemas.avro.DeadLetter;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.RawKey;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The dead letters as an operator reads them and sends them again. For one thread.
///
/// A letter is named by its offset. A resend writes the record as it came and a note beside the letters, in one
/// transaction: a dead letter of this same topic with the offset of the letter. So a letter is sent again once, even if
/// two operators try at the same time: the later one stops the producer of the earlier one, and then reads the notes.
public final class DeadLetterLog {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterLog.class);

    /// How many letters are listed or sent again in one go.
    public static final int LETTERS_MAX = 10_000;

    /// The reason of a note.
    static final String SENT_AGAIN = "sent again";

    private static final String TRANSACTIONS = "milena-dead-letters";
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final TopicCatalogue topics;
    private final KafkaClients clients;
    private final TopicSpec<RawKey, DeadLetter> topic;
    private final TopicPartition letters;

    public DeadLetterLog(TopicCatalogue topics, KafkaClients clients) {
        this.topics = topics;
        this.clients = clients;
        this.topic = topics.deadLetters();
        this.letters = new TopicPartition(topic.name(), 0);
    }

    /// What its users do with the topics.
    public static TopicAccess access(TopicCatalogue topics) {
        String letters = topics.deadLetters().name();
        return TopicAccess.of(
                        Set.of(letters),
                        Set.of(
                                letters,
                                topics.inbound().name(),
                                topics.userCommands().name()))
                .withTransactions(TRANSACTIONS);
    }

    /// One letter.
    ///
    /// @param offset its name
    /// @param at when it was written
    /// @param letter the record with its origin and the reason
    /// @param bytes of the key and the value of the record
    /// @param sentAgain whether it was sent again
    public record Letter(long offset, Instant at, DeadLetter letter, int bytes, boolean sentAgain) {
        private Letter withoutBytes() {
            letter.setKey(null);
            letter.setValue(null);
            return this;
        }

        private Letter with(boolean wasSentAgain) {
            return new Letter(offset, at, letter, bytes, wasSentAgain);
        }
    }

    /// What became of the wish to send a letter again.
    public enum Resend {
        SENT("sent again"),
        SENT_BEFORE("was sent again before"),
        MISSING("is not among the dead letters"),
        NO_COMMAND("is no command: clients and views get what it was about from the log of messages"),
        CUT("was too large to be kept: its bytes are not in the letter"),
        NO_KEY("has no readable key: no partition is the right one for it");

        private final String text;

        Resend(String text) {
            this.text = text;
        }

        /// For people, after the name of the letter.
        public String text() {
            return text;
        }
    }

    /// The newest letters, oldest first, without the bytes of their records.
    ///
    /// @param most how many, at most [#LETTERS_MAX]
    /// @throws KafkaException if the brokers do not answer
    public List<Letter> newest(int most) {
        Deque<Letter> newest = new ArrayDeque<>();
        Set<Long> sentAgain = new HashSet<>();
        try (PartitionReader reader = PartitionReader.open(clients, WITHIN)) {
            read(reader, 0, letter -> {
                if (isNote(letter)) {
                    sentAgain.add(letter.letter().getOffset());
                    return;
                }
                newest.add(letter.withoutBytes());
                if (newest.size() > most) {
                    newest.remove();
                }
            });
        }
        return newest.stream()
                .map(letter -> letter.with(sentAgain.contains(letter.offset())))
                .toList();
    }

    /// One letter; null if there is none of this name.
    ///
    /// @throws KafkaException if the brokers do not answer
    public @Nullable Letter letter(long offset) {
        try (PartitionReader reader = PartitionReader.open(clients, WITHIN)) {
            return letter(reader, offset);
        }
    }

    /// Whether the record of the letter is a command, as gateways write them.
    public boolean isCommand(DeadLetter letter) {
        return letter.getTopic().equals(topics.inbound().name())
                || letter.getTopic().equals(topics.userCommands().name());
    }

    /// Sends letters again, in the order of their offsets, each in a transaction of its own. Reads the log twice,
    /// however many they are: once this producer has begun, nobody else writes notes.
    ///
    /// @param report notified of each letter once it is done; of missing ones at the end
    /// @throws KafkaException if the brokers do not answer, or another resend began meanwhile
    public void resend(Set<Long> offsets, Report report) {
        SortedSet<Long> wanted = new TreeSet<>(offsets);
        if (wanted.isEmpty()) {
            return;
        }
        try (PartitionReader reader = PartitionReader.open(clients, WITHIN);
                KafkaProducer<byte[], byte[]> producer = producer()) {
            producer.initTransactions();
            Set<Long> sentAgain = new HashSet<>();
            read(reader, wanted.first(), letter -> {
                if (isNote(letter)) {
                    sentAgain.add(letter.letter().getOffset());
                }
            });
            read(reader, wanted.first(), letter -> {
                if (!isNote(letter) && wanted.remove(letter.offset())) {
                    report.done(letter.offset(), resend(producer, letter.with(sentAgain.contains(letter.offset()))));
                }
            });
        }
        wanted.forEach(missing -> report.done(missing, Resend.MISSING));
    }

    /// Notified of what became of a letter.
    @FunctionalInterface
    public interface Report {
        void done(long offset, Resend resend);
    }

    private Resend resend(KafkaProducer<byte[], byte[]> producer, Letter found) {
        if (found.sentAgain()) {
            return Resend.SENT_BEFORE;
        }
        DeadLetter letter = found.letter();
        if (!isCommand(letter)) {
            return Resend.NO_COMMAND;
        }
        if (letter.getCut()) {
            return Resend.CUT;
        }
        byte[] key = bytes(letter.getKey());
        TopicSpec<?, ?> origin =
                letter.getTopic().equals(topics.inbound().name()) ? topics.inbound() : topics.userCommands();
        int partition = key == null ? -1 : partition(origin, key);
        if (partition < 0) {
            return Resend.NO_KEY;
        }
        producer.beginTransaction();
        send(producer, new ProducerRecord<>(origin.name(), partition, key, bytes(letter.getValue())));
        send(producer, new ProducerRecord<>(topic.name(), letters.partition(), key, note(found.offset())));
        producer.commitTransaction();
        return Resend.SENT;
    }

    /// The letter, and whether a later note says that it was sent again.
    private @Nullable Letter letter(PartitionReader reader, long offset) {
        List<Letter> found = new ArrayList<>();
        read(reader, offset, letter -> {
            if (letter.offset() == offset && !isNote(letter)) {
                found.add(letter);
            } else if (!found.isEmpty() && isNote(letter) && letter.letter().getOffset() == offset) {
                found.set(0, found.getFirst().with(true));
            }
        });
        return found.isEmpty() ? null : found.getFirst();
    }

    /// Reads all letters from an offset to the present end.
    private void read(PartitionReader reader, long from, Consumer<Letter> handler) {
        reader.read(letters, from, record -> {
            handler.accept(read(record));
            return true;
        });
    }

    /// The topic is for all to write to, like any other.
    private Letter read(ConsumerRecord<byte[], byte[]> record) {
        Instant at = Instant.ofEpochMilli(record.timestamp());
        try {
            DeadLetter letter = topic.values().deserializer().deserialize(record.topic(), record.value());
            if (letter != null) {
                return new Letter(
                        record.offset(), at, letter, length(letter.getKey()) + length(letter.getValue()), false);
            }
        } catch (SerializationException e) {
            LOG.debug("Not a dead letter, at offset {}: {}", record.offset(), e.toString());
        }
        DeadLetter unreadable = new DeadLetter();
        unreadable.setTopic("?");
        unreadable.setTimestamp(Instant.EPOCH);
        unreadable.setReason("this record is not a dead letter");
        return new Letter(record.offset(), at, unreadable, 0, false);
    }

    private boolean isNote(Letter letter) {
        return letter.letter().getTopic().equals(topic.name());
    }

    private byte[] note(long offset) {
        DeadLetter note = new DeadLetter();
        note.setTopic(topic.name());
        note.setPartition(letters.partition());
        note.setOffset(offset);
        note.setTimestamp(Instant.EPOCH);
        note.setReason(SENT_AGAIN);
        return topic.values().serializer().serialize(topic.name(), note);
    }

    /// The partition of the key; -1 if it cannot be read.
    private static <K extends LogKey> int partition(TopicSpec<K, ?> origin, byte[] key) {
        try {
            return origin.partitionOf(origin.keys().deserializer().deserialize(origin.name(), key));
        } catch (SerializationException e) {
            return -1;
        }
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new KafkaException("the record could not be written", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static int length(@Nullable ByteBuffer buffer) {
        return buffer == null ? 0 : buffer.remaining();
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                clients.producer(Map.of(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        TRANSACTIONS,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        (int) WITHIN.toMillis(),
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        topic.batchBytesMax())),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
