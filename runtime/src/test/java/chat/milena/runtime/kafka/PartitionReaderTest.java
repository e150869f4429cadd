package chat.milena.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartitionReaderTest {
    private static final TopicPartition PARTITION = new TopicPartition("topic", 0);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final PartitionReader reader = new PartitionReader(consumer, Duration.ofMillis(50));
    private final List<Long> offsets = new ArrayList<>();

    @BeforeEach
    void begin() {
        consumer.updateBeginningOffsets(Map.of(PARTITION, 3L));
    }

    @AfterEach
    void end() {
        reader.close();
    }

    private void holds(long end) {
        consumer.updateEndOffsets(Map.of(PARTITION, end));
    }

    /// Kafka returns these with the next poll.
    private void returns(long... found) {
        consumer.schedulePollTask(() -> {
            for (long offset : found) {
                consumer.addRecord(new ConsumerRecord<>("topic", 0, offset, new byte[0], new byte[0]));
            }
        });
    }

    private boolean note(ConsumerRecord<byte[], byte[]> record) {
        return offsets.add(record.offset());
    }

    @Test
    void everyRecordUpToTheEndIsReadAndThenNothingIsWaitedFor() {
        holds(6);
        returns(3, 4);
        returns(5);

        assertThat(reader.read(PARTITION, PartitionReader.BEGINNING, this::note))
                .isEqualTo(6);
        assertThat(offsets).containsExactly(3L, 4L, 5L);
    }

    @Test
    void emptyPartitionIsReadAlready() {
        holds(3);

        assertThat(reader.read(PARTITION, PartitionReader.BEGINNING, this::note))
                .isEqualTo(3);
        assertThat(reader.first(PARTITION, PartitionReader.BEGINNING)).isNull();
    }

    @Test
    void handlerThatHasEnoughGetsNoMore() {
        holds(6);
        returns(3, 4, 5);

        assertThat(reader.read(PARTITION, PartitionReader.BEGINNING, record -> note(record) && record.offset() < 4))
                .isEqualTo(5);
        assertThat(offsets).containsExactly(3L, 4L);
    }

    @Test
    void firstIsTheRecordAtTheOffset() {
        holds(6);
        returns(4, 5);

        assertThat(reader.first(PARTITION, 4))
                .isNotNull()
                .extracting(ConsumerRecord::offset)
                .isEqualTo(4L);
    }

    @Test
    void partIsNeverTakenForTheWhole() {
        holds(6);
        returns(3, 4);

        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> reader.read(PARTITION, PartitionReader.BEGINNING, this::note))
                .withMessageContaining("topic-0");
        assertThat(offsets).containsExactly(3L, 4L);
    }
}
