package chat.milena.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.FakeServer;
import chat.milena.bench.load.RatedLoadTest;
import chat.milena.bench.load.StepResult;
import chat.milena.bench.report.Progress;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlowLoadTest {
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theOthersAreMeasuredWithAndWithoutAndTheSlowOneGetsAllInTheEnd() throws InterruptedException {
        SlowResult result = run();

        assertThat(result.without()).hasSize(2);
        assertThat(result.with()).hasSize(2);
        assertThat(result.without()).allSatisfy(SlowLoadTest::assertAllDelivered);
        assertThat(result.with()).allSatisfy(SlowLoadTest::assertAllDelivered);
        assertThat(result.medianRatio()).isPositive();
        assertThat(result.p99Ratio()).isPositive();
        // All of a settle and of a measured time: 0.5 s and 1 s.
        assertThat(result.slow()).containsExactly(got(150, 0, 0, 0), got(150, 0, 0, 0));
        assertThat(result.clean()).isTrue();
        assertThat(server.received).anyMatch(frame -> frame.contains("heartbeat"));
    }

    @Test
    void whatWasDroppedWithAResyncIsToldAndNoViolation() throws InterruptedException {
        spoil(40, true);

        SlowResult result = run();

        assertThat(result.slow()).containsExactly(got(149, 1, 1, 0), got(150, 0, 0, 0));
        assertThat(result.clean()).isTrue();
    }

    @Test
    void whatWasDroppedWithoutAResyncIsAViolation() throws InterruptedException {
        spoil(40, false);

        SlowResult result = run();

        assertThat(result.slow()).containsExactly(got(149, 1, 0, 1), got(150, 0, 0, 0));
        assertThat(result.check().violations()).isZero();
        assertThat(result.clean()).isFalse();
    }

    @Test
    void anEndThatNeverComesIsAViolationToo() throws InterruptedException {
        spoil(150, false);

        assertThat(run().slow()).containsExactly(got(149, 0, 0, 1), got(150, 0, 0, 0));
    }

    private static SlowResult.Outcome got(long received, long missing, long resyncs, long wrong) {
        return new SlowResult.Outcome(received, missing, resyncs, wrong, "still connected");
    }

    /// Leaves out the slow one's message of this place, in its place a resync or nothing.
    private void spoil(int place, boolean resync) {
        AtomicInteger seen = new AtomicInteger();
        server.mischief = (user, frame) -> {
            if (!user.startsWith("slow") || !frame.path("type").asText().equals("message.new")) {
                return List.of(frame);
            }
            if (seen.incrementAndGet() != place) {
                return List.of(frame);
            }
            ObjectNode told = JsonNodeFactory.instance.objectNode().put("type", "resync");
            told.putObject("payload").putArray("conversationIds").add("c1");
            return resync ? List.of(told) : List.of();
        };
    }

    private static void assertAllDelivered(StepResult step) {
        assertThat(step.sent()).isEqualTo(100);
        assertThat(step.delivered()).isEqualTo(100 * 5);
        assertThat(step.delivery().count()).isEqualTo(100 * 5);
    }

    private SlowResult run() throws InterruptedException {
        return SlowLoad.run(
                7,
                100,
                RatedLoadTest.settings(server),
                Clock.systemUTC(),
                new Progress(new PrintStream(OutputStream.nullOutputStream()), false));
    }
}
