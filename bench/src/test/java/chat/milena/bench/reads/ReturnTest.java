package chat.milena.bench.reads;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.FakeReads;
import chat.milena.bench.FakeServer;
import chat.milena.bench.report.Progress;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReturnTest {
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everythingMissedIsThere() throws InterruptedException {
        ReturnResult result = run(OptionalInt.empty());

        assertThat(result.returned()).isEqualTo(3);
        assertThat(result.misses()).isZero();
        assertThat(result.complete().count()).isEqualTo(3);
        // Number 1 made the group, so that the first time takes one request more.
        assertThat(result.requests()).isEqualTo(3 + 2 + 2);
        assertThat(result.clean()).isTrue();
    }

    @Test
    void theLimitIsPassedOn() throws InterruptedException {
        assertThat(run(OptionalInt.of(50)).requests()).isEqualTo(5 + 4 + 4);
    }

    @Test
    void aMessageThatIsNotThereIsFoundOut() throws InterruptedException {
        server.reads.view = FakeReads.without(300);

        ReturnResult result = run(OptionalInt.empty());

        assertThat(result.misses()).isPositive();
        assertThat(result.returned()).isLessThan(3);
        assertThat(result.examples()).isNotEmpty();
        assertThat(result.clean()).isFalse();
    }

    @Test
    void aShortAnswerIsFoundOut() throws InterruptedException {
        // The last entry of all is not there yet, and nothing says so.
        server.reads.view = entries -> entries.subList(0, entries.size() - 1);

        ReturnResult result = run(OptionalInt.empty());

        assertThat(result.misses()).isPositive();
        assertThat(result.clean()).isFalse();
    }

    @Test
    void refusalsAreCountedAndOutlived() throws InterruptedException {
        server.reads.toRefuse.set(3);

        ReturnResult result = run(OptionalInt.empty());

        assertThat(result.counts().refused()).isEqualTo(3);
        assertThat(result.counts().longestRefusalMs()).isPositive();
        assertThat(result.clean()).isTrue();
    }

    private ReturnResult run(OptionalInt limit) throws InterruptedException {
        ReturnSettings settings = new ReturnSettings(
                server.url(),
                List.of(server.url()),
                FakeServer.tokens(),
                200,
                3,
                limit,
                64,
                20,
                Duration.ofSeconds(30));
        return Return.run(
                settings, Clock.systemUTC(), new Progress(new PrintStream(OutputStream.nullOutputStream()), false));
    }
}
