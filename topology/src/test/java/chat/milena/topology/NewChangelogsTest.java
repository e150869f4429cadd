package chat.milena.topology;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.schemas.topic.Cleanup;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.topology.sequencer.SequencerConfig;
import chat.milena.topology.sequencer.TestSequencer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NewChangelogsTest {
    private static final int CONVERSATIONS = 6;
    private static final int USERS = 4;
    private static final String ID = "milena-sequencer";

    @Test
    void eachStoreHasOneWithThePartitionsOfItsSource() {
        ShippedSchemas ids = ShippedSchemas.load();
        TopicCatalogue topics =
                new TopicCatalogue(new Sizing(CONVERSATIONS, USERS, USERS, 1, 1, Duration.ofDays(30)), ids);
        SequencerConfig config = new SequencerConfig(
                6,
                6,
                5,
                10,
                Duration.ofDays(30),
                Duration.ZERO,
                SequencerConfig.DEVICE_LIFE,
                SequencerConfig.EVIDENCE_KEEP);
        NewChangelogs changelogs = new NewChangelogs(new InstalledTopics(topics), KafkaClients.of("none:1", Map.of()));

        List<TopicSpec<?, ?>> all =
                changelogs.all(ID, TestSequencer.topology(topics, ids, config).describe());

        assertThat(all).extracting(TopicSpec::name).doesNotHaveDuplicates().hasSizeGreaterThan(20);
        assertThat(partitions(all, "held-message-counts")).isEqualTo(CONVERSATIONS);
        assertThat(partitions(all, "sequences")).isEqualTo(CONVERSATIONS);
        assertThat(partitions(all, "profiles")).isEqualTo(USERS);
        assertThat(spec(all, "message-index").cleanup()).isEqualTo(Cleanup.COMPACT_AND_DELETE);
        assertThat(spec(all, "profiles").cleanup()).isEqualTo(Cleanup.COMPACT);
    }

    private static int partitions(List<TopicSpec<?, ?>> all, String store) {
        return spec(all, store).partitions();
    }

    private static TopicSpec<?, ?> spec(List<TopicSpec<?, ?>> all, String store) {
        return all.stream()
                .filter(spec -> spec.name().equals(ID + "-" + store + "-changelog"))
                .findFirst()
                .orElseThrow();
    }
}
