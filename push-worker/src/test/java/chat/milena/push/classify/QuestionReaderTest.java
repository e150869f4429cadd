package chat.milena.push.classify;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import java.util.ArrayList;
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

    private static List<Long> latest(byte @Nullable []... keys) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (byte @Nullable [] key : keys) {
            records.add(new ConsumerRecord<>("messages", 0, records.size(), key, new byte[1]));
        }
        return QuestionReader.latest(new ConsumerRecords<>(Map.of(PARTITION, records), Map.of())).values().stream()
                .map(ConsumerRecord::offset)
                .toList();
    }

    @Test
    void lastRecordOfEachMessageIsTakenInTheOrderOfTheLog() {
        assertThat(latest(key("c1", 1), key("c1", 2), key("c2", 1), key("c1", 1), key("c1", 3), key("c2", 1)))
                .containsExactly(1L, 3L, 4L, 5L);
    }

    @Test
    void recordWithoutAKeyOfAnEventIsLeftOut() {
        assertThat(latest(key("c1", 1), null, new byte[] {1}, key("c1", 2))).containsExactly(0L, 3L);
    }
}
