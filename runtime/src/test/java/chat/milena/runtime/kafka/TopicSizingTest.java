package chat.milena.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.config.Settings;
import chat.milena.schemas.topic.Sizing;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicSizingTest {
    @Test
    void namedSizesAreThoseOfTheCatalogue() {
        assertThat(of(Map.of())).isEqualTo(Sizing.EMBEDDED);
        assertThat(of(Map.of("MILENA_SIZING", "small"))).isEqualTo(Sizing.EMBEDDED);
        assertThat(of(Map.of("MILENA_SIZING", "cluster"))).isEqualTo(Sizing.CLUSTER);
    }

    @Test
    void eachValueCanBeSet() {
        assertThat(of(Map.of(
                        "MILENA_CONVERSATION_PARTITIONS", "4000",
                        "MILENA_USER_PARTITIONS", "1000",
                        "MILENA_REPLICATION", "5",
                        "MILENA_MIN_INSYNC", "3",
                        "MILENA_RETENTION", "7d",
                        "MILENA_ERASE_WITHIN", "1h")))
                .isEqualTo(new Sizing(4_000, 1_000, 1_000, 5, 3, Duration.ofDays(7), Duration.ofHours(1)));
        assertThat(of(Map.of("MILENA_SIZING", "cluster", "MILENA_PARTITIONS", "64")))
                .isEqualTo(new Sizing(64, 64, 64, 3, 2, Duration.ofDays(30)));
    }

    @Test
    void shardsAndUsersAlwaysHaveTheSamePartitions() {
        Sizing sizing = of(Map.of("MILENA_PARTITIONS", "8", "MILENA_USER_PARTITIONS", "16"));

        assertThat(sizing.conversationPartitions()).isEqualTo(8);
        assertThat(sizing.userPartitions()).isEqualTo(16);
        assertThat(sizing.shards()).isEqualTo(16);
    }

    @Test
    void copiesThatMustBeWrittenExist() {
        Settings settings = Settings.ofEnvironment(
                Map.of("MILENA_REPLICATION", "2", "MILENA_MIN_INSYNC", "3", "MILENA_SIZING", "x"));

        TopicSizing.ofCluster(settings);

        assertThat(settings.errors())
                .containsExactlyInAnyOrder(
                        "MILENA_MIN_INSYNC 3 must be at most MILENA_REPLICATION 2: no write would be accepted",
                        "MILENA_SIZING must be small or cluster");
        assertThat(of(Map.of("MILENA_SIZING", "cluster", "MILENA_REPLICATION", "1"))
                        .minInsyncReplicas())
                .isEqualTo(1);
    }

    private static Sizing of(Map<String, String> environment) {
        Settings settings = Settings.ofEnvironment(environment);
        Sizing sizing = TopicSizing.ofCluster(settings);
        assertThat(settings.errors()).isEmpty();
        return sizing;
    }
}
