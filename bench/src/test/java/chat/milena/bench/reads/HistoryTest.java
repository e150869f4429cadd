package chat.milena.bench.reads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.bench.FakeReads;
import chat.milena.bench.FakeServer;
import chat.milena.bench.answer.PagePosition;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.report.Progress;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private final FakeServer server = new FakeServer();
    private String conversationId = "";

    @BeforeEach
    void talk() {
        conversationId = server.conversation("ann", "bob");
        for (int i = 0; i < 300; i++) {
            server.says("ann", conversationId, "m" + i, "hi");
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everyPositionIsReadByReadersAndAtRates() throws InterruptedException {
        HistoryResult result = read(List.of(PagePosition.values()), List.of(50.0, 100.0), false);

        assertThat(result.lastSequence()).isEqualTo(301);
        assertThat(result.positions()).extracting(HistoryResult.AtPosition::at).containsExactly(PagePosition.values());
        assertThat(result.examples()).isEmpty();
        assertThat(result.positions()).allSatisfy(one -> {
            assertThat(one.closed().pages()).isPositive();
            assertThat(one.closed().perSecond()).isPositive();
            assertThat(one.rates()).hasSize(2).allSatisfy(step -> {
                assertThat(step.pages()).isEqualTo((long) (step.rate() * 0.3));
                assertThat(step.refused()).isEmpty();
            });
            assertThat(one.heldRate()).isEqualTo(100);
        });
        assertThat(result.clean()).isTrue();
    }

    @Test
    void aGapInAPageIsFoundOut() throws InterruptedException {
        server.reads.view = FakeReads.without(290);

        HistoryResult result = read(List.of(PagePosition.END), List.of(), false);

        assertThat(result.positions().getFirst().closed().wrong()).isPositive();
        assertThat(result.examples()).isNotEmpty().hasSizeLessThanOrEqualTo(20);
        assertThat(result.clean()).isFalse();
    }

    @Test
    void aPageThatSaysTooLittleIsFoundOut() throws InterruptedException {
        server.reads.page = answer -> {
            answer.withArray("messages").remove(0);
            return answer;
        };

        assertThat(read(List.of(PagePosition.START), List.of(), false).clean()).isFalse();
    }

    @Test
    void whatExpiredIsNoGap() throws InterruptedException {
        server.reads.expiredUpTo = 120;

        HistoryResult result = read(List.of(PagePosition.values()), List.of(), false);

        assertThat(result.examples()).isEmpty();
        assertThat(result.clean()).isTrue();
    }

    @Test
    void refusedReadsAreCountedAndHoldNoRate() throws InterruptedException {
        server.reads.page = answer -> {
            server.reads.toRefuse.set(Integer.MAX_VALUE);
            return answer;
        };

        HistoryResult result = read(List.of(PagePosition.END), List.of(50.0), false);

        assertThat(result.positions().getFirst().closed().refused()).containsKey("HTTP 503");
        assertThat(result.positions().getFirst().heldRate()).isZero();
        assertThat(result.clean()).isFalse();
    }

    @Test
    void anotherReadIsMeasuredAndNotChecked() throws InterruptedException {
        server.reads.view = FakeReads.without(290);

        HistoryResult result = run(settings(List.of(PagePosition.END), List.of(50.0), false, "messages?limit=9"));

        assertThat(result.positions().getFirst().rates().getFirst().pages()).isEqualTo(15);
        assertThat(result.clean()).isTrue();
    }

    @Test
    void theHighestRateIsSearchedFromWhatTheReadersReached() throws InterruptedException {
        // Nothing holds a bound of nothing, so that the search goes down and ends.
        HistoryResult result = run(new HistorySettings(
                server.url(),
                List.of(server.url()),
                FakeServer.tokens(),
                "bob",
                conversationId,
                List.of(PagePosition.END),
                2,
                50,
                null,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofMillis(200),
                List.of(),
                true,
                40.0,
                Duration.ZERO,
                Duration.ofSeconds(10),
                1,
                7,
                null));

        assertThat(result.positions().getFirst().rates())
                .extracting(ReadStep::rate)
                .containsExactly(40.0, 20.0, 10.0, 5.0);
        assertThat(result.positions().getFirst().heldRate()).isZero();
    }

    @Test
    void aConversationThatCannotBeReadIsSaidAtOnce() {
        conversationId = "c99";

        assertThatThrownBy(() -> read(List.of(PagePosition.END), List.of(), false))
                .isInstanceOf(UsageFailure.class)
                .hasMessageContaining("CONVERSATION_NOT_FOUND");
    }

    private HistoryResult read(List<PagePosition> positions, List<Double> rates, boolean search)
            throws InterruptedException {
        return run(settings(positions, rates, search));
    }

    private static HistoryResult run(HistorySettings settings) throws InterruptedException {
        return History.run(settings, new Progress(new PrintStream(OutputStream.nullOutputStream()), false));
    }

    private HistorySettings settings(List<PagePosition> positions, List<Double> rates, boolean search) {
        return settings(positions, rates, search, null);
    }

    private HistorySettings settings(
            List<PagePosition> positions, List<Double> rates, boolean search, @Nullable String path) {
        return new HistorySettings(
                server.url(),
                List.of(server.url()),
                FakeServer.tokens(),
                "bob",
                conversationId,
                positions,
                4,
                50,
                path,
                Duration.ofMillis(50),
                Duration.ofMillis(50),
                Duration.ofMillis(300),
                rates,
                search,
                null,
                Duration.ofMinutes(1),
                Duration.ofSeconds(10),
                1,
                7,
                null);
    }
}
