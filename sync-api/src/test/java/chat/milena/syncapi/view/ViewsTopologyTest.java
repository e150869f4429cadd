package chat.milena.syncapi.view;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.time.Ticker;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.streams.progress.ViewProgress;
import chat.milena.streams.run.StoreDamage;
import chat.milena.testsupport.MovableClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ViewsTopologyTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Sizing SIZING = new Sizing(1, 1, 1, 1, 1, Duration.ofDays(30));
    private static final String APPROVED = "views-topology.txt";
    private static final byte[] KEY = bytes("key");
    private static final byte[] UNREADABLE = bytes("no record of any schema");

    private final TopicCatalogue topics = new TopicCatalogue(SIZING, ShippedSchemas.load());
    private final ViewProgress progress = new ViewProgress();
    private final MovableClock clock = new MovableClock(NOON);

    @TempDir
    private Path stateFolder;

    private ViewsDriver driver;

    @BeforeEach
    void start() {
        ViewsConfig config = ViewsDriver.config(Retention.of(SIZING.messageRetention()));
        driver = new ViewsDriver(topics, config, progress, clock, stateFolder);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void descriptionIsTheApprovedOne() throws IOException {
        String description = topology().describe().toString();
        Path proposed = Path.of("target", APPROVED);
        Files.writeString(proposed, description);

        try (InputStream approved = getClass().getResourceAsStream("/" + APPROVED)) {
            assertThat(description)
                    .as("a new text is in %s", proposed)
                    .isEqualTo(new String(Objects.requireNonNull(approved).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void allThatIsSaidOfAConversationIsInOneTaskAndWhatIsSaidOfAUserInAnother() {
        List<Set<String>> tasks = topology().describe().subtopologies().stream()
                .map(ViewsTopologyTest::sourceTopics)
                .toList();

        assertThat(tasks)
                .containsExactlyInAnyOrder(
                        Set.of(
                                topics.messages().name(),
                                topics.annotations().name(),
                                topics.conversations().name(),
                                topics.members().name(),
                                topics.receipts().name(),
                                topics.references().name()),
                        Set.of(
                                topics.memberships().name(),
                                topics.users().name(),
                                topics.personal().name(),
                                topics.blocks().name(),
                                topics.threads().name(),
                                topics.devices().name(),
                                topics.bans().name(),
                                topics.reports().name(),
                                topics.warnings().name()));
    }

    @Test
    void nothingIsWrittenToAnyTopic() {
        assertThat(topology().describe().subtopologies())
                .flatExtracting(TopologyDescription.Subtopology::nodes)
                .isNotEmpty()
                .noneMatch(TopologyDescription.Sink.class::isInstance);
    }

    @ParameterizedTest
    @EnumSource
    void bytesGoInAsTheyAre(View view) {
        byte[] value = {0, -1, 7, 0};

        driver.pipe(view, KEY, value, 5);

        assertThat(driver.held(view)).hasSize(1);
        assertThat(driver.keys(view)).singleElement().isEqualTo(KEY);
        assertThat(driver.held(view).firstEntry().getValue()).isEqualTo(value);
        for (View other : View.all()) {
            if (other != view) {
                assertThat(driver.keys(other)).as(other.store()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void laterValueReplacesAnEarlierOneThoughItsTimeIsEarlier(View view) {
        driver.pipe(view, KEY, bytes("first"), 9);
        driver.pipe(view, KEY, bytes("second"), 5);

        assertThat(driver.held(view).firstEntry().getValue()).isEqualTo(bytes("second"));
    }

    @ParameterizedTest
    @EnumSource
    void tombstoneDeletes(View view) {
        driver.pipe(view, KEY, bytes("value"), 5);
        driver.pipe(view, bytes("other"), bytes("value"), 5);

        driver.pipe(view, KEY, null, 6);

        assertThat(driver.keys(view)).singleElement().isEqualTo(bytes("other"));
    }

    @ParameterizedTest
    @EnumSource
    void noRecordStopsAView(View view) {
        driver.pipe(view, bytes("k1"), UNREADABLE, 5);
        driver.pipe(view, null, bytes("of nobody"), 5);
        driver.pipe(view, null, null, 5);
        driver.pipe(view, bytes("k2"), bytes("without a time"), -1);
        driver.pipe(view, bytes(""), bytes("with an empty key"), 5);
        driver.pipe(view, bytes("k3"), bytes(""), 5);
        clock.advance(Duration.ofHours(2));
        driver.walksOnce();

        driver.pipe(view, KEY, bytes("value"), 5);

        assertThat(driver.keys(view)).containsExactly(bytes(""), bytes("k1"), bytes("k2"), bytes("k3"), KEY);
    }

    @ParameterizedTest
    @EnumSource
    void everyRecordCountsAsProgressWhateverItIs(View view) {
        driver.tellsPolled(progress, view, 4, 6);

        driver.pipe(view, KEY, bytes("value"), 5);
        driver.pipe(view, KEY, null, 5);
        driver.pipe(view, null, UNREADABLE, -1);
        assertThat(progress.reached(Map.of(driver.log(view), 3L))).isTrue();
        assertThat(progress.reached(Map.of(driver.log(view), 4L))).isFalse();

        driver.pipe(view, KEY, UNREADABLE, 5);
        assertThat(progress.reached(Map.of(driver.log(view), 6L))).isTrue();
    }

    private Topology topology() {
        return ViewsTopology.build(
                topics,
                ViewsDriver.config(Retention.of(SIZING.messageRetention())),
                progress,
                clock,
                Ticker.system(),
                new StoreDamage(() -> {}));
    }

    private static Set<String> sourceTopics(TopologyDescription.Subtopology task) {
        return task.nodes().stream()
                .filter(TopologyDescription.Source.class::isInstance)
                .map(TopologyDescription.Source.class::cast)
                .flatMap(source -> source.topicSet().stream())
                .collect(Collectors.toSet());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
