package chat.milena.streams.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.streams.deadletter.Reading.Decoded;
import chat.milena.streams.deadletter.Reading.Malformed;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

class RecordReaderTest {
    private static final ConversationKey KEY = new ConversationKey("t", "c");

    private final TopicSpec<ConversationKey, InboundCommand> topic =
            new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load()).inbound();
    private final InboundCommand command = new InboundCommand(
            "t",
            "c",
            "u",
            "k",
            new CommandOrigin("g", "c", 1L),
            Instant.EPOCH,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            "member",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    private final byte[] value = topic.values().serializer().serialize(topic.name(), command);
    private final Record<byte[], byte[]> record = new Record<>(KEY.toBytes(), value, 0);

    @Test
    void recordIsReadWhereItBelongs() {
        Reading<ConversationKey, InboundCommand> reading =
                new RecordReader<>(topic, 1_000).read(record, topic.partitionOf(KEY));

        assertThat(reading).isEqualTo(new Decoded<>(KEY, command));
    }

    /// Two tasks that number one conversation would give each number twice.
    @Test
    void recordInAnotherPartitionIsNotRead() {
        int elsewhere = (topic.partitionOf(KEY) + 1) % topic.partitions();

        assertThat(new RecordReader<>(topic, 1_000).read(record, elsewhere))
                .isEqualTo(new Malformed<>("partition: this key belongs in " + topic.partitionOf(KEY)));
    }

    @Test
    void sizeEndsAtItsBoundWithTheKeyCounted() {
        int bytes = KEY.toBytes().length + value.length;

        assertThat(new RecordReader<>(topic, bytes).read(record, topic.partitionOf(KEY)))
                .isInstanceOf(Decoded.class);
        assertThat(new RecordReader<>(topic, bytes - 1).read(record, topic.partitionOf(KEY)))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void recordWithoutATimeIsTakenAllTheSame() {
        assertThat(RecordReader.timestamp(consumed(ConsumerRecord.NO_TIMESTAMP), -1))
                .isZero();
        assertThat(RecordReader.timestamp(consumed(7), -1)).isEqualTo(7);
    }

    private static ConsumerRecord<byte[], byte[]> consumed(long timestamp) {
        return new ConsumerRecord<>(
                "t",
                0,
                0,
                timestamp,
                TimestampType.CREATE_TIME,
                0,
                0,
                null,
                null,
                new RecordHeaders(),
                Optional.empty());
    }
}
