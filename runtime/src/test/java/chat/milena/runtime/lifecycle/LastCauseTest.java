package chat.milena.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;

class LastCauseTest {
    @Test
    void innermostSaysWhatIsWrongInOneLine() {
        Throwable full = new KafkaStorageException(
                "Error while appending records", new IOException("No space left on device\nand more"));

        assertThat(LastCause.text(new IllegalStateException("failed", full))).isEqualTo("No space left on device");
        assertThat(LastCause.text(new IllegalStateException())).isEqualTo("IllegalStateException");
        assertThat(LastCause.text(new IOException("x".repeat(5_000)))).hasSizeLessThan(400);
    }

    @Test
    void onlyWhatIsNotFromOutsideIsAMistakeOfOurs() {
        assertThat(LastCause.isFromOutside(new IllegalStateException(new IOException("disk"))))
                .isTrue();
        assertThat(LastCause.isFromOutside(new KafkaStorageException("offline")))
                .isTrue();
        assertThat(LastCause.isFromOutside(new IllegalStateException(new NullPointerException())))
                .isFalse();
    }

    @Test
    void causesThatGoInACircleEnd() {
        Exception one = new Exception("one");
        Exception two = new Exception("two", one);
        one.initCause(two);

        assertThat(LastCause.text(one)).isIn("one", "two");
    }
}
