package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.standalone.e2e.OtlpPeer.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The traces of commands, as a collector gets them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TracesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final OtlpPeer collector = started();

    @RegisterExtension
    final RunningMilena milena = new RunningMilena()
            .with("MILENA_TRACES_URL", collector.url().toString())
            .with("MILENA_TRACES_ONE_IN", "1")
            .with("MILENA_LARGE_GROUP_FROM", "3");

    private static OtlpPeer started() {
        try {
            return new OtlpPeer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    void collectorStops() {
        collector.close();
    }

    @Test
    void messageIsFollowedFromItsFrameToTheSocketsOfOthers() throws Exception {
        try (Tenant home = Tenant.ofDefault(milena);
                RawSocket alice = RawSocket.connected(milena.port(), home.tokenOf("alice"));
                RawSocket bob = RawSocket.connected(milena.port(), home.tokenOf("bob"))) {
            String direct = home.direct("alice", "bob");
            send(alice, direct);
            assertThat(bob.nextFrame("message.new").toString()).contains(direct);

            List<String> way =
                    List.of("milena-gateway message.send", "milena-sequencer sequencer", "milena-gateway deliver");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(ways()).contains(way));

            String large = home.group("alice", "bob", "carol");
            send(alice, large);
            List<String> longer = List.of(
                    "milena-gateway message.send",
                    "milena-sequencer sequencer",
                    "milena-fanout fanout",
                    "milena-gateway deliver");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(ways()).contains(longer));
            assertThat(collector.spans())
                    .allSatisfy(span -> assertThat(span.nanos()).isBetween(0L, 30_000_000_000L));
            // Readers of the log find the trace of a record, too.
            assertThat(MessageLog.committed(milena.kafka(), "chat.messages.v1").stream()
                            .filter(record -> traceIds().contains(traceOf(record)))
                            .count())
                    .isGreaterThanOrEqualTo(4);
        }
    }

    private static void send(RawSocket from, String talk) throws Exception {
        from.text("{\"type\":\"message.send\",\"id\":\"s\",\"payload\":{\"conversationId\":\"" + talk
                + "\",\"messageId\":\"traced-" + talk.substring(0, 12)
                + "\",\"content\":{\"type\":\"text\",\"text\":\"psst\"}}}");
    }

    private List<String> traceIds() {
        return collector.spans().stream().map(Span::traceId).toList();
    }

    private static String traceOf(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader("traceparent");
        return header == null ? "" : new String(header.value(), StandardCharsets.US_ASCII).split("-", -1)[1];
    }

    /// The steps to each last step, of all traces.
    private List<List<String>> ways() {
        Map<String, Span> byId = collector.spans().stream().collect(Collectors.toMap(Span::spanId, span -> span));
        List<List<String>> ways = new ArrayList<>();
        for (Span last : byId.values()) {
            List<String> way = new ArrayList<>();
            for (Span step = last; step != null; step = byId.get(step.parentId())) {
                assertThat(step.traceId()).isEqualTo(last.traceId());
                way.addFirst(step.service() + " " + step.name());
            }
            ways.add(way);
        }
        return ways;
    }
}
