package chat.milena.streams.run;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.streams.run.StreamsService.Restores;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RestoresTest {
    private static final TopicPartition FIRST = new TopicPartition("changelog", 0);
    private static final TopicPartition SECOND = new TopicPartition("changelog", 1);

    private final Restores restores = new Restores();

    @Test
    void remainingRecordsShrinkToNoneAsTheyAreRead() {
        restores.onRestoreStart(FIRST, "store", 100, 1_000);
        restores.onRestoreStart(SECOND, "store", 0, 50);
        assertThat(restores.remaining()).isEqualTo(950);

        restores.onBatchRestored(FIRST, "store", 700, 580);
        assertThat(restores.remaining()).isEqualTo(350);
        restores.onRestoreSuspended(SECOND, "store", 0);
        assertThat(restores.remaining()).isEqualTo(300);
        restores.onBatchRestored(SECOND, "store", 10, 10);
        // Markers of transactions are not counted, so the last record may stand before the end.
        restores.onRestoreEnd(FIRST, "store", 880);

        assertThat(restores.remaining()).isZero();
    }
}
