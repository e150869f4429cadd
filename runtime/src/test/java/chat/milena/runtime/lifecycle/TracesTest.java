package chat.milena.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.config.Settings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracesTest {
    /// Nobody listens there.
    private static final String COLLECTOR = "http://127.0.0.1:1/v1/traces";

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @Test
    void nothingIsThereWithoutACollector() {
        assertThat(Traces.of(Settings.ofEnvironment(Map.of()))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"collector:4318", "ftp://collector/v1/traces", "http://user:word@collector:4318/v1/traces"})
    void wrongCollectorsAreNoted(String url) {
        Settings settings = Settings.ofEnvironment(Map.of("MILENA_TRACES_URL", url));

        assertThat(Traces.of(settings)).isNull();
        assertThat(settings.errors()).hasSize(1).allMatch(error -> error.startsWith("MILENA_TRACES_URL must"));
    }

    @Test
    void stepsOfACommandAreOneTraceWhichNobodyWaitsFor() {
        Traces traces = traces("1");
        TraceHop gateway = traces.hop("gateway");
        TransactionTraces sequencer = new TransactionTraces(traces.hop("sequencer"), "sequencer");
        Headers command = new RecordHeaders();
        TraceStep first = Objects.requireNonNull(gateway.begin("message.send", Instant.now()));
        first.tag(command);
        first.end();

        assertThat(sequencer.handle(command)).isNotNull();
        ProducerRecord<byte[], byte[]> delivery = new ProducerRecord<>("chat.deliveries.v1", new byte[0]);
        ProducerRecord<byte[], byte[]> changelog = new ProducerRecord<>("milena-x-changelog", new byte[0]);
        sequencer.write(delivery);
        sequencer.write(changelog);
        sequencer.handled();
        ProducerRecord<byte[], byte[]> later = new ProducerRecord<>("chat.deliveries.v1", new byte[0]);
        sequencer.write(later);
        sequencer.ended(null);

        String[] parent = parent(command).split("-", -1);
        String[] child = parent(delivery.headers()).split("-", -1);
        assertThat(child[1]).isEqualTo(parent[1]);
        assertThat(child[2]).isNotEqualTo(parent[2]);
        assertThat(changelog.headers()).isEmpty();
        assertThat(later.headers()).isEmpty();
        traces.stop(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "nonsense", "00-" + TRACE + "-b7ad6b7169203331-00", "00-" + TRACE + "-0000000000000000-01"})
    void headersThatNameNoStepThatIsFollowedAreIgnored(String header) {
        Headers headers = new RecordHeaders();
        headers.add(TraceStep.HEADER, header.getBytes(StandardCharsets.US_ASCII));

        assertThat(traces("1").hop("sequencer").follow("sequencer", headers)).isNull();
    }

    @Test
    void oneCommandInManyIsFollowed() {
        TraceHop gateway = traces("1000").hop("gateway");
        int followed = 0;
        for (int i = 0; i < 20_000; i++) {
            TraceStep step = gateway.begin("message.send", Instant.now());
            if (step != null) {
                followed++;
                step.end();
            }
        }

        assertThat(followed).isBetween(1, 200);
    }

    private static Traces traces(String oneIn) {
        return Objects.requireNonNull(Traces.of(
                Settings.ofEnvironment(Map.of("MILENA_TRACES_URL", COLLECTOR, "MILENA_TRACES_ONE_IN", oneIn))));
    }

    private static String parent(Headers headers) {
        return new String(headers.lastHeader(TraceStep.HEADER).value(), StandardCharsets.US_ASCII);
    }
}
