package chat.milena.push.classify;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QuestionReaderTest {
    private static final TopicPartition PARTITION = new TopicPartition("messages", 0);

    private static byte[] key(String conversationId, long number) {
        return new EventKey(new ConversationKey("shop", conversationId), number).toBytes();
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, byte @Nullable [] key) {
        return new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), offset, key, new byte[1]);
    }

    private static List<Long> latest(List<ConsumerRecord<byte[], byte[]>> records) {
        return QuestionReader.latest(new ConsumerRecords<>(Map.of(PARTITION, records), Map.of())).values().stream()
                .map(ConsumerRecord::offset)
                .toList();
    }

    @Test
    void lastRecordOfEachMessageIsTakenInTheOrderOfTheLog() {
        assertThat(latest(List.of(
                        record(0, key("c1", 1)),
                        record(1, key("c1", 2)),
                        record(2, key("c2", 1)),
                        record(3, key("c1", 1)),
                        record(4, key("c1", 3)),
                        record(5, key("c2", 1)))))
                .containsExactly(1L, 3L, 4L, 5L);
    }

    @Test
    void recordWithoutAKeyOfAnEventIsLeftOut() {
        assertThat(latest(List.of(
                        record(0, key("c1", 1)), record(1, null), record(2, new byte[] {1}), record(3, key("c1", 2)))))
                .containsExactly(0L, 3L);
    }
}
