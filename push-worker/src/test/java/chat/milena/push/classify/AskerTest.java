package chat.milena.push.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.push.classify.ClassifierAnswer.Answered;
import chat.milena.push.classify.ClassifierAnswer.Failed;
import chat.milena.push.courier.Courier;
import chat.milena.push.courier.CourierLimits;
import chat.milena.push.courier.RawServer;
import chat.milena.runtime.config.OutsideEndpoints;
import chat.milena.schemas.word.RuleAction;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Questions of several tenants at real peers: each ends, in time, and none waits for the peer of another.
@Timeout(60)
class AskerTest {
    private static final CourierLimits LIMITS = new CourierLimits(
            64,
            Backlog.ASKED_MAX,
            100,
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            new CourierLimits.Breaker(5, 10, Duration.ofSeconds(30)),
            Duration.ofSeconds(1));

    private record Ended(Question question, ClassifierAnswer outcome) {}

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();
    private final AtomicLong ahead = new AtomicLong();
    private RawServer good;
    private RawServer bad;
    private ClassifierCall call;
    private Asker asker;
    private long offset;

    @BeforeEach
    void start() throws Exception {
        good = new RawServer();
        bad = new RawServer();
        good.script((_, peer) -> peer.answer(200, Map.of(), "{\"action\":\"flag\"}"));
        call = new ClassifierCall(
                Classification.HTTP, OutsideEndpoints.parse(good.origin() + "," + bad.origin()), Clock.systemUTC());
        asker = new Asker(
                call,
                new Courier("classifier", LIMITS, Clock.systemUTC(), meters),
                Clock.systemUTC(),
                () -> System.nanoTime() + ahead.get(),
                (question, outcome) -> ended.add(new Ended(question, outcome)));
    }

    @AfterEach
    void stop() throws Exception {
        asker.closeNow();
        call.close();
        good.close();
        bad.close();
    }

    private Question question(String tenant, RawServer at, Duration deadline) {
        return Questions.of(tenant, at.uri("/").toString(), deadline, 0, offset++, 100);
    }

    private long count(String tenant) {
        return ended.stream()
                .filter(one -> one.question.tenant().equals(tenant))
                .count();
    }

    @Test
    void slowClassifierOfATenantHoldsUpNoOther() {
        bad.script((_, peer) -> peer.stall());
        for (int i = 0; i < 400; i++) {
            asker.ask(question("slow", bad, Duration.ofSeconds(4)));
        }
        for (int i = 0; i < 100; i++) {
            asker.ask(question("quick", good, Duration.ofSeconds(4)));
        }

        await().atMost(Duration.ofSeconds(3)).until(() -> count("quick") == 100);

        assertThat(ended).allSatisfy(one -> assertThat(one.outcome).isEqualTo(new Answered(RuleAction.FLAG, null)));
        assertThat(asker.size()).isEqualTo(400);
        assertThat(bad.connections()).isLessThanOrEqualTo(Backlog.ASKED_MAX);
    }

    @Test
    void beyondItsShareAndAfterTooLongAWaitAQuestionFails() {
        bad.script((_, peer) -> peer.stall());
        for (int i = 0; i < 600; i++) {
            asker.ask(question("slow", bad, Duration.ofSeconds(4)));
        }
        assertThat(ended).hasSize(100).allSatisfy(one -> assertThat(one.outcome).isEqualTo(new Failed("backlog")));

        await().until(() -> bad.connections() == Backlog.ASKED_MAX);
        ahead.addAndGet(Asker.WAIT_MAX.plusSeconds(1).toNanos());

        await().atMost(Duration.ofSeconds(20)).until(() -> count("slow") == 600);
        assertThat(ended)
                .filteredOn(one -> one.outcome.equals(new Failed("overdue")))
                .hasSize(500 - Backlog.ASKED_MAX);
    }

    @Test
    void restartOfAClassifierIsBridgedWithinTheDeadline() {
        AtomicInteger requests = new AtomicInteger();
        good.script((_, peer) -> {
            if (requests.incrementAndGet() < 3) {
                peer.answer(503, Map.of(), "");
            } else {
                peer.answer(200, Map.of(), "{\"action\":\"remove\",\"label\":\"spam\"}");
            }
        });

        asker.ask(question("t", good, Duration.ofSeconds(5)));

        await().until(() -> count("t") == 1);
        assertThat(ended.element().outcome).isEqualTo(new Answered(RuleAction.REMOVE, "spam"));
        assertThat(requests).hasValue(3);
    }

    @Test
    void breakerEndsTheQuestionsOfADeadClassifierImmediately() {
        bad.script((_, peer) -> peer.answer(500, Map.of(), ""));
        for (int i = 0; i < 300; i++) {
            asker.ask(question("dead", bad, Duration.ofMillis(600)));
        }

        await().until(() -> count("dead") == 300);

        assertThat(ended).anyMatch(one -> one.outcome.equals(new Failed("breaker")));
        assertThat(meters.get("milena.courier.breakers.open")
                        .tag("carrier", "classifier")
                        .gauge()
                        .value())
                .isEqualTo(1);
        int before = bad.requests().size();
        asker.ask(question("dead", bad, Duration.ofMillis(600)));
        await().until(() -> count("dead") == 301);
        assertThat(bad.requests()).hasSize(before);
    }

    @Test
    void stopLeavesWhatWaitsAndEndsWhatIsAsked() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        bad.script((_, peer) -> {
            released.await();
            peer.answer(200, Map.of(), "{\"action\":\"pass\"}");
        });
        for (int i = 0; i < 100; i++) {
            asker.ask(question("t", bad, Duration.ofSeconds(5)));
        }
        await().until(() -> bad.connections() == Backlog.ASKED_MAX);

        asker.close();
        released.countDown();

        await().until(() -> !asker.isAsking());
        assertThat(ended).hasSize(Backlog.ASKED_MAX);
        assertThat(asker.size()).isZero();
    }

    @Test
    void questionThatIsToBeTriedAgainIsLeftByAStop() {
        bad.script((_, peer) -> peer.answer(503, Map.of("Retry-After", "1"), ""));
        asker.ask(question("t", bad, Duration.ofSeconds(5)));
        await().until(() -> bad.requests().size() == 1);

        asker.close();

        await().until(() -> !asker.isAsking());
        assertThat(bad.requests()).hasSize(1);
        assertThat(ended).as("the next reader asks").isEmpty();
    }
}
