package chat.milena.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.FakeServer;
import chat.milena.bench.load.RatedLoadTest;
import chat.milena.bench.load.Shape;
import chat.milena.bench.report.Progress;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HerdLoadTest {
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everybodyIsBackAndNothingIsMissing() throws InterruptedException {
        server.resumes = true;
        // Long enough away that something is written to them meanwhile.
        server.returnsToRefuse.set(30);

        HerdResult result = run();

        HerdResult.Return back = result.comeback();
        assertThat(back.back()).isEqualTo(30);
        assertThat(back.resumed()).isEqualTo(30);
        assertThat(back.missedMessages()).isPositive();
        assertThat(back.refused()).isEqualTo(Map.of("the upgrade was refused with HTTP 429", 30L));
        assertThat(back.halfSeconds()).isPositive().isLessThanOrEqualTo(back.nearlyAllSeconds());
        assertThat(back.nearlyAllSeconds()).isLessThanOrEqualTo(back.allSeconds());
        assertThat(result.check().resumed()).isEqualTo(30);
        assertThat(result.check().examples()).isEmpty();
        assertThat(result.check().missedAway()).isZero();
        assertThat(result.before().sent()).isEqualTo(100);
        assertThat(result.meanwhile().sent()).isGreaterThanOrEqualTo(100);
        assertThat(result.meanwhile().delivered()).isEqualTo(result.meanwhile().sent());
        assertThat(result.after().delivered()).isEqualTo(100);
        assertThat(result.written().sent()).isPositive();
        assertThat(result.written().delivered()).isEqualTo(result.written().sent());
        assertThat(result.notices()).isEmpty();
        assertThat(result.clean()).isTrue();
    }

    @Test
    void whatTheHerdShouldHaveBeenToldAndWasNotIsLost() throws InterruptedException {
        server.resumes = true;
        server.returnsToRefuse.set(30);
        server.mischief =
                (user, frame) -> frame.path("type").asText().equals("messages.offline") ? List.of() : List.of(frame);

        HerdResult result = run();

        assertThat(result.comeback().back()).isEqualTo(30);
        assertThat(result.check().lost()).isPositive();
        assertThat(result.clean()).isFalse();
    }

    @Test
    void aServerThatDoesNotResumeIsToldAsSuch() throws InterruptedException {
        server.returnsToRefuse.set(30);

        HerdResult result = run();

        assertThat(result.comeback().back()).isEqualTo(30);
        assertThat(result.comeback().resumed()).isZero();
        assertThat(result.comeback().missedMessages()).isZero();
        assertThat(result.check().violations()).isZero();
        assertThat(result.check().reconnects()).isEqualTo(30);
    }

    private HerdResult run() throws InterruptedException {
        return HerdLoad.run(
                new HerdSettings(
                        30, 10, 50, new Shape.Pairs(10), 100, Duration.ofSeconds(30), FakeServer.tokens("default")),
                RatedLoadTest.settings(server),
                Clock.systemUTC(),
                new Progress(new PrintStream(OutputStream.nullOutputStream()), false));
    }
}
