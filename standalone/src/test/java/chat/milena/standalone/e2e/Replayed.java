package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.replay.Replay;
import chat.milena.bench.replay.ReplayOptions;
import chat.milena.bench.replay.ReplayResult;
import chat.milena.bench.replay.Transcript;
import chat.milena.bench.report.Progress;
import chat.milena.schemas.avro.TimelineEvent;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A replay that has run: what it counted, and every ack that it got.
///
/// @param acked of each conversation, the number of each messageId that was acked
record Replayed(List<Transcript.Line> lines, ReplayResult result, Map<String, Map<String, Long>> acked) {
    /// A replay's message ids end in the place of their line among all lines, in hex.
    private static final int PLACE_AT = 24;

    static Replayed run(ReplayOptions options, Path acks) throws IOException, InterruptedException {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        ReplayResult result = Replay.run(options.withAcks(acks), Clock.systemUTC(), new Progress(nowhere, false));
        Map<String, Map<String, Long>> acked = new LinkedHashMap<>();
        for (String line : Files.readAllLines(acks)) {
            if (!line.isBlank()) {
                JsonNode ack = Rest.parse(line);
                acked.computeIfAbsent(ack.path("conversationId").asText(), id -> new LinkedHashMap<>())
                        .put(
                                ack.path("messageId").asText(),
                                ack.path("sequenceNumber").asLong());
            }
        }
        List<Transcript.Line> lines = options.transcripts().stream()
                .flatMap(transcript -> transcript.lines().stream())
                .toList();
        return new Replayed(lines, result, acked);
    }

    /// Every line was acked, and the delivery contract kept.
    void assertClean() {
        assertThat(result.stopped()).isNull();
        assertThat(result.refused()).isEmpty();
        assertThat(result.check().examples()).isEmpty();
        assertThat(result.acked()).isEqualTo(lines.size());
        assertThat(result.wrongResends()).isZero();
        assertThat(result.clean()).isTrue();
        assertThat(acked.values().stream().mapToLong(Map::size).sum()).isEqualTo(lines.size());
    }

    /// The log holds just what was acked, once, under the numbers of the acks, with sender and text as they were.
    void assertHeldBy(MessageLog log) {
        acked.forEach((conversationId, numbers) -> {
            assertThat(log.numbers(conversationId)).isEqualTo(numbers);
            for (TimelineEvent event : log.messages(conversationId)) {
                String messageId = event.getMessage().getMessageId();
                Transcript.Line line = lines.get(Integer.parseInt(messageId.substring(PLACE_AT), 16));
                assertThat(event.getActorId()).isEqualTo(line.userId());
                assertThat(event.getMessage().getContent().getText()).isEqualTo(line.text());
            }
        });
    }

    /// How many acks a running replay has written down, a few dozen behind.
    static long ackedSoFar(Path acks) {
        if (!Files.exists(acks)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(acks)) {
            return lines.count();
        } catch (IOException e) {
            return 0;
        }
    }
}
