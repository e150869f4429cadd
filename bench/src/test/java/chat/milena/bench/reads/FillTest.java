package chat.milena.bench.reads;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.FakeServer;
import chat.milena.bench.report.Progress;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FillTest {
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void fillsAConversationOverSeveralConnections() throws InterruptedException {
        FillResult result = fill(500, null);

        assertThat(result.done()).isTrue();
        assertThat(result.acked()).isEqualTo(500);
        assertThat(result.firstNumber()).isEqualTo(2);
        assertThat(result.lastNumber()).isEqualTo(501);
        assertThat(result.ack().count()).isEqualTo(500);
        assertThat(result.perSecond()).isPositive();
        assertThat(server.messages(result.conversationId())).isEqualTo(500);
        assertThat(server.subprotocols).hasSize(3);
    }

    @Test
    void goesOnWhereAnEarlierFillEnded() throws InterruptedException {
        String conversationId = fill(100, null).conversationId();

        FillResult result = fill(250, conversationId);

        assertThat(result.conversationId()).isEqualTo(conversationId);
        assertThat(result.wanted()).isEqualTo(150);
        assertThat(result.done()).isTrue();
        assertThat(server.messages(conversationId)).isEqualTo(250);
        assertThat(fill(250, conversationId).wanted()).isZero();
    }

    @Test
    void refusedSendsAreTriedAgain() throws InterruptedException {
        server.sendsToRefuse.set(20);

        assertThat(fill(200, null).done()).isTrue();
    }

    @Test
    void aSendThatIsRefusedForGoodStopsIt() throws InterruptedException {
        server.sendsToRefuse.set(1);
        server.refusal = "FORBIDDEN";

        FillResult result = fill(200, null);

        assertThat(result.done()).isFalse();
        assertThat(result.stopped()).contains("FORBIDDEN");
    }

    private FillResult fill(long messages, @Nullable String conversationId) throws InterruptedException {
        FillSettings settings = new FillSettings(
                server.url(), FakeServer.tokens(), messages, "full", conversationId, 3, 16, 20, Duration.ofSeconds(30));
        return Fill.run(
                settings, Clock.systemUTC(), new Progress(new PrintStream(OutputStream.nullOutputStream()), false));
    }
}
