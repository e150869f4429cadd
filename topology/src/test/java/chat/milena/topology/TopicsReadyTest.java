package chat.milena.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.runtime.kafka.TopicException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class TopicsReadyTest {
    private static final Duration SOON = Duration.ofMillis(1);

    private static KafkaException because(String cause) {
        return new KafkaException("Failed to create new KafkaAdminClient", new ConfigException(cause));
    }

    private static String next(Iterator<KafkaException> failures) {
        if (failures.hasNext()) {
            throw failures.next();
        }
        return "made";
    }

    @Test
    void nameThatResolvesALittleLaterIsWaitedFor() throws Exception {
        KafkaException notYet = because("No resolvable bootstrap urls given in bootstrap.servers");
        Iterator<KafkaException> twice = List.of(notYet, notYet).iterator();

        assertThat(TopicsReady.resolved(() -> next(twice), "kafka:9092", Duration.ofMinutes(1), SOON))
                .isEqualTo("made");
    }

    @Test
    void nameThatNeverResolvesIsNamed() {
        assertThatThrownBy(() -> TopicsReady.resolved(
                        () -> {
                            throw because("No resolvable bootstrap urls given in bootstrap.servers");
                        },
                        "kafka:9092",
                        SOON,
                        SOON))
                .isInstanceOf(TopicException.class)
                .hasMessageContaining("kafka:9092");
    }

    @Test
    void otherFailuresAreNotWaitedFor() {
        KafkaException other = because("Invalid url in bootstrap.servers: kafka");

        assertThatThrownBy(() -> TopicsReady.resolved(
                        () -> {
                            throw other;
                        },
                        "kafka",
                        Duration.ofMinutes(1),
                        SOON))
                .isSameAs(other);
    }
}
