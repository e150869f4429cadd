package chat.milena.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.bench.client.UsageFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranscriptTest {
    @TempDir
    private Path folder = Path.of(".");

    @Test
    void readsLinesInOrderAndNamesItselfAfterTheFile() throws IOException {
        Transcript transcript = read(line("04:14", "bob", "hi \\u00e9"), "", line("04:15", "al", "yo"));

        assertThat(transcript.name()).isEqualTo("talk");
        assertThat(transcript.lines()).extracting(Transcript.Line::text).containsExactly("hi \u00e9", "yo");
        assertThat(transcript.people()).containsExactly("bob", "al");
    }

    @Test
    void tellsTheLineThatItCannotRead() {
        assertThatThrownBy(() -> read(line("04:14", "bob", "hi"), "{\"user\":\"bob\"}"))
                .isInstanceOf(UsageFailure.class)
                .hasMessageContaining("talk.jsonl:2");
        assertThatThrownBy(() -> read("nonsense")).hasMessageContaining("talk.jsonl:1");
        assertThatThrownBy(() -> read("")).hasMessageContaining("no message");
        assertThatThrownBy(() -> Transcript.read(folder.resolve("none.jsonl"))).hasMessageContaining("no such file");
    }

    @Test
    void fileThatIsNotUtf8IsRefusedInPlainWords() throws IOException {
        Path file = folder.resolve("old.jsonl");
        Files.writeString(file, line("04:14", "bob", "caf\u00e9"), StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> Transcript.read(file))
                .isInstanceOf(UsageFailure.class)
                .hasMessage(file + " is not UTF-8");
    }

    @Test
    void aRateIsSharedByLengthSoThatAllFilesEndTogether() throws IOException {
        Transcript transcript = read(line("04:14", "a", "1"), line("04:14", "a", "2"), line("04:14", "a", "3"));

        long[] offsets = new Pace.Rate(10).offsetsNanos(transcript, 30);

        assertThat(offsets).containsExactly(0, 1_000_000_000L, 2_000_000_000L);
    }

    @Test
    void aSpeedSpreadsTheLinesOfAMinuteOverIt() throws IOException {
        Transcript transcript = read(
                line("04:14", "a", "1"), line("04:14", "a", "2"), line("04:16", "a", "3"), line("04:15", "a", "late"));

        long[] seconds = Arrays.stream(new Pace.Speed(10).offsetsNanos(transcript, 4))
                .map(nanos -> Duration.ofNanos(nanos).toSeconds())
                .toArray();

        assertThat(seconds).containsExactly(0, 3, 12, 12);
    }

    private static String line(String time, String user, String text) {
        return "{\"at\": \"2016-12-19T" + time + ":00Z\", \"user\": \"" + user + "\", \"text\": \"" + text + "\"}";
    }

    private Transcript read(String... lines) throws IOException {
        Path file = folder.resolve("talk.jsonl");
        Files.write(file, Arrays.asList(lines));
        return Transcript.read(file);
    }
}
