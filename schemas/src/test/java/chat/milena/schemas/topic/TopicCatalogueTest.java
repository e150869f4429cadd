package chat.milena.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.wire.ShippedSchemas;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TopicCatalogueTest {
    private final Sizing sizing = new Sizing(6, 3, 8, 3, 2, Duration.ofDays(30));
    private final TopicCatalogue catalogue = new TopicCatalogue(sizing, ShippedSchemas.load());

    @Test
    void namesAreUniqueAndVersioned() {
        assertThat(catalogue.all())
                .extracting(TopicSpec::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("chat\\.[a-z-]+\\.v[0-9]+"));
    }

    @Test
    void conversationLivesInTheSamePartitionEverywhere() {
        ConversationKey conversation = new ConversationKey("t", "c");

        assertThat(catalogue.messages().partitionOf(new EventKey(conversation, 1)))
                .isEqualTo(catalogue.inbound().partitionOf(conversation));
    }

    @Test
    void shardIsItsPartition() {
        assertThat(catalogue.deliveries().partitionOf(new ShardKey(5))).isEqualTo(5);
    }

    @Test
    void stateIsNeverDeletedByAge() {
        assertThat(catalogue.conversations().settings())
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("min.insync.replicas", "2")
                .doesNotContainKey("retention.ms");
        assertThat(catalogue.messages().settings()).containsEntry("retention.ms", "2592000000");
    }

    @Test
    void recordsOfAClockThatRanAheadAreTakenByAll() {
        assertThat(catalogue.all())
                .allSatisfy(topic -> assertThat(topic.settings())
                        .containsEntry("message.timestamp.after.max.ms", "9223372036854775807"));
    }

    @Test
    void deadLetterHasRoomForAnyRecordOfAnotherTopicThatIsReadByUs() {
        // A key stands in it twice.
        assertThat(catalogue.deadLetters().batchBytesMax())
                .isGreaterThan(2 * catalogue.inbound().batchBytesMax())
                .isGreaterThan(2 * catalogue.fanout().batchBytesMax());
        assertThat(catalogue.deadLetters().settings())
                .containsEntry("cleanup.policy", "delete")
                .containsEntry("retention.ms", "2592000000")
                .containsEntry("max.message.bytes", "3145728");
    }

    @Test
    void impossibleSizingIsRefused() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Sizing(0, 1, 1, 1, 1, Duration.ofDays(1)));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Sizing(1, 1, 1, 1, 2, Duration.ofDays(1)));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Sizing(1, 1, 1, 1, 1, Duration.ZERO));
    }
}
