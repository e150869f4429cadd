package chat.milena.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.ephemeral.rate.CommandRates;
import chat.milena.ephemeral.rate.RateConfig;
import chat.milena.gateway.Deliveries;
import chat.milena.gateway.FakeCommandLog;
import chat.milena.gateway.MovableWindows;
import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.CommandGate;
import chat.milena.gateway.command.CommandListener;
import chat.milena.gateway.command.InFlight;
import chat.milena.gateway.command.Outcome;
import chat.milena.gateway.command.Submission.Submitted;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.gateway.session.ConnectionRegistry;
import chat.milena.gateway.session.FrameMeters;
import chat.milena.gateway.session.TokenLife;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.token.Caller;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.UserKey;
import chat.milena.testsupport.MovableClock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryLanesTest {
    private static final int SLICE = 8;
    private static final int MANY = 40;
    private static final BulkConfig ROOMY = config(100, 100_000, Duration.ZERO);

    private final MovableClock clock = new MovableClock(Deliveries.TIME);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ConnectionRegistry registry = new ConnectionRegistry(meters);
    private final InFlight calls = new InFlight();
    private final ReceiptRelay relay = new ReceiptRelay(registry, new MovableWindows(), Duration.ofMillis(200), 3);
    private final ReactionRelay reactions =
            new ReactionRelay(registry, new MovableWindows(), Duration.ofMillis(200), 3, done -> {});
    private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
    private final FakeIoThread io = new FakeIoThread();
    private final String[] many =
            IntStream.range(0, MANY).mapToObj(i -> "u" + i).toArray(String[]::new);
    private DeliveryLanes lanes = lanes(ROOMY);

    @AfterEach
    void close() {
        lanes.close();
        assertThat(fatal).isEmpty();
    }

    private static BulkConfig config(int deliveriesMax, int recipientsMax, Duration gatheredFor) {
        return new BulkConfig(
                MANY, SLICE, Duration.ZERO, deliveriesMax, recipientsMax, gatheredFor, Duration.ofMinutes(1));
    }

    private DeliveryLanes lanes(BulkConfig config) {
        return new DeliveryLanes(
                new DeliveryDispatcher("gw", registry, calls, relay, reactions, done -> {}, (sender, delivery) -> {}),
                config,
                clock,
                meters,
                fatal::add);
    }

    private void connect(FakeIoThread thread, String... userIds) {
        for (String userId : userIds) {
            Connection connection = new Connection(
                    "conn_" + userId,
                    new TokenLife(
                            Deliveries.TIME,
                            0,
                            new VerifiedToken("default", userId, null, Deliveries.TIME.plusSeconds(60)),
                            Duration.ofSeconds(60)),
                    thread.socket(userId),
                    ConnectionConfig.DEFAULT,
                    new Connection.Shared(
                            new FrameMeters(meters), new Budget(new Bounds(10, 10, Bounds.NONE, Bounds.NONE))));
            connection.open();
            registry.add(connection);
        }
    }

    private static Delivery message(String conversationId, long number, String... to) {
        return Deliveries.event("default", conversationId, number, "hi", to);
    }

    private static boolean isNumber(long number, String frame) {
        return frame.contains("\"sequenceNumber\":" + number + ",");
    }

    /// Lets the I/O thread work until the condition holds.
    private void work(Callable<Boolean> until) {
        await().pollInterval(Duration.ofMillis(1)).until(() -> {
            while (io.step()) {}
            return until.call();
        });
    }

    @Test
    void aFrameToFewStandsBehindNoSlice() {
        connect(io, many);
        connect(io, "alice");
        lanes.start();

        lanes.accept(Deliveries.logged(message("large", 1, many)));
        for (int slice = 1; slice <= MANY / SLICE; slice++) {
            await().until(() -> io.waiting() > 0);
            int before = io.written.size();
            lanes.accept(Deliveries.logged(message("pair", slice, "alice")));
            int number = slice;
            while (io.framesOf("alice").size() < number) {
                assertThat(io.step()).isTrue();
            }
            // The one write that the lane is at.
            assertThat(io.written.size() - before - 1).isLessThanOrEqualTo(1);
        }

        work(() -> io.written.size() == MANY + MANY / SLICE);
    }

    @Test
    void latencyCountsFromTheFrameOfTheSenderUntilTheLastSocketHasTheEvent() {
        connect(io, many);
        lanes.start();
        Timer latency = meters.get("milena.gateway.delivery").timer();
        clock.advance(Duration.ofMillis(20));

        lanes.accept(Deliveries.logged(message("pair", 1, many[0])));
        assertThat(latency.count()).isEqualTo(1);
        assertThat(latency.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(20);
        lanes.accept(Deliveries.logged(message("large", 1, many)));
        await().until(() -> io.waiting() > 0);
        assertThat(latency.count()).as("the first slice is not written").isEqualTo(1);
        clock.advance(Duration.ofMillis(30));
        work(() -> latency.count() == 2);

        assertThat(latency.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(20 + 50);
        lanes.accept(new LoggedDelivery(0, 3, 0, -1, new byte[0], message("pair", 2, many[0])));
        assertThat(latency.count()).as("without the time of the frame").isEqualTo(2);
    }

    @Test
    void aConversationStaysInTheBulkLaneWhileAnythingOfItIsThere() {
        connect(io, many);
        String last = many[MANY - 1];
        lanes.start();

        lanes.accept(Deliveries.logged(message("large", 1, many)));
        await().until(() -> io.waiting() > 0);
        // Its audience has shrunk; sent at once this one would overtake the last slice.
        lanes.accept(Deliveries.logged(message("large", 2, last)));
        work(() -> io.framesOf(last).size() == 2);

        assertThat(isNumber(1, io.framesOf(last).get(0))).isTrue();
        assertThat(isNumber(2, io.framesOf(last).get(1))).isTrue();
    }

    @Test
    void anOutcomeDoesNotRunAheadOfWhatIsBeforeItInTheBulkLane() {
        connect(io, many);
        String last = many[MANY - 1];
        CompletableFuture<Integer> seenBefore = new CompletableFuture<>();
        CommandOrigin origin =
                submitted(() -> seenBefore.complete(io.framesOf(last).size()));
        Delivery answer = new Delivery();
        answer.setTenant("default");
        answer.setConversationId("large");
        answer.setRecipients(List.of());
        answer.setOutcome(new CommandOutcome(
                origin, "rejected", null, 0L, null, "FORBIDDEN", "no", null, 0L, null, null, 0L, false, null, false));
        lanes.start();

        lanes.accept(Deliveries.logged(message("large", 1, many)));
        await().until(() -> io.waiting() > 0);
        lanes.accept(Deliveries.logged(answer));
        assertThat(seenBefore).isNotDone();

        work(seenBefore::isDone);
    }

    /// A command of a call that waits for its outcome.
    private CommandOrigin submitted(Runnable answered) {
        Caller alice = new Caller(new UserKey("default", "alice"), false);
        InboundCommand command =
                new CommandFactory("gw", Clock.systemUTC()).mute(alice, CommandFactory.NO_CONNECTION, "large", null);
        CommandListener listener = new CommandListener() {
            @Override
            public void decided(Outcome outcome) {
                answered.run();
            }

            @Override
            public void unknown() {
                throw new AssertionError("it was appended");
            }
        };
        CommandGate gate = new CommandGate(
                new FakeCommandLog(), new CommandRates(RateConfig.UNLIMITED, System::nanoTime), System::nanoTime);
        assertThat(gate.submit(alice, command, calls.places(1), Duration.ofSeconds(15), listener))
                .isInstanceOf(Submitted.class);
        return command.getOrigin();
    }

    @Test
    void everyRecipientGetsEachConversationInOrderWhateverItsAudience() throws InterruptedException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        connect(io, many);
        lanes.start();
        List<List<Long>> expected = new ArrayList<>();
        IntStream.range(0, 2 * MANY).forEach(i -> expected.add(new ArrayList<>()));
        AtomicInteger total = new AtomicInteger();
        Thread reader = Thread.ofVirtual().start(() -> {
            for (long number = 1; number <= 300; number++) {
                int conversation = random.nextInt(2);
                int size = random.nextBoolean() ? MANY : 1 + random.nextInt(3);
                int from = size == MANY ? 0 : random.nextInt(MANY - size);
                String[] to = new String[size];
                for (int i = 0; i < size; i++) {
                    to[i] = many[from + i];
                    expected.get(conversation * MANY + from + i).add(number);
                }
                total.addAndGet(size);
                lanes.accept(Deliveries.logged(message("c" + conversation, number, to)));
            }
        });
        work(() -> !reader.isAlive() && io.written.size() == total.get());

        for (int place = 0; place < 2 * MANY; place++) {
            String conversation = "\"conversationId\":\"c" + place / MANY + "\"";
            List<Long> numbers = expected.get(place);
            List<String> frames = io.framesOf(many[place % MANY]).stream()
                    .filter(frame -> frame.contains(conversation))
                    .toList();
            assertThat(frames).hasSameSizeAs(numbers);
            for (int i = 0; i < frames.size(); i++) {
                assertThat(isNumber(numbers.get(i), frames.get(i)))
                        .as("seed %s: %s in place of %s", seed, frames.get(i), numbers.get(i))
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 100000, 2", "100, 80, 2"})
    void aFullBulkLaneMakesTheReaderWaitAndLosesNothing(int deliveriesMax, int recipientsMax, int taken) {
        lanes = lanes(config(deliveriesMax, recipientsMax, Duration.ZERO));
        connect(io, many);
        lanes.start();
        AtomicInteger accepted = new AtomicInteger();
        Thread reader = Thread.ofPlatform().daemon().start(() -> {
            for (int number = 1; number <= 6; number++) {
                lanes.accept(Deliveries.logged(message("large", number, many)));
                accepted.incrementAndGet();
            }
        });

        await().until(() -> accepted.get() == taken && reader.getState() == Thread.State.WAITING);

        work(() -> io.written.size() == 6 * MANY);
        assertThat(accepted).hasValue(6);
    }

    @Test
    void lonelyWriteTakesItsTimeAndHurriesWhenAnotherIsDue() {
        // One pause in each write; eleven would be longer than what the hurried ones may take.
        lanes = lanes(new BulkConfig(
                MANY, MANY / 2, Duration.ofMillis(500), 100, 100_000, Duration.ZERO, Duration.ofMinutes(1)));
        connect(io, many);
        lanes.start();
        long begun = System.nanoTime();
        lanes.accept(Deliveries.logged(message("large", 1, many)));
        work(() -> io.written.size() == MANY);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(500));

        begun = System.nanoTime();
        lanes.accept(Deliveries.logged(message("large", 2, many)));
        await().until(() -> io.waiting() > 0);
        for (int other = 0; other < 10; other++) {
            lanes.accept(Deliveries.logged(message("other" + other, 1, many)));
        }
        work(() -> io.written.size() == 12 * MANY);
        // The last of them alone had nobody behind it.
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void whatWaitsOfAConversationIsWrittenTogether() {
        connect(io, many);
        for (int number = 1; number <= 3; number++) {
            lanes.accept(Deliveries.logged(message("large", number, many)));
            lanes.accept(Deliveries.logged(message("another", number, many)));
        }

        lanes.start();
        work(() -> io.written.size() == 6 * MANY);

        assertThat(io.writes.get()).isBetween(MANY, 2 * MANY);
        assertThat(io.framesOf(many[0]).subList(0, 3))
                .allMatch(frame -> frame.contains("\"conversationId\":\"large\""));
    }

    @Test
    void busyConversationWaitsForMoreOfItAndNobodyElseWaits() {
        Duration enough = Duration.ofSeconds(2);
        lanes = lanes(config(100, 100_000, enough));
        connect(io, many);
        lanes.start();
        lanes.accept(Deliveries.logged(message("large", 1, many)));
        work(() -> io.written.size() == MANY);

        lanes.accept(Deliveries.logged(message("large", 2, many)));
        lanes.accept(Deliveries.logged(message("another", 1, many)));
        lanes.accept(Deliveries.logged(message("large", 3, many)));
        work(() -> io.written.size() == 4 * MANY);

        assertThat(io.writes.get()).isBetween(2 * MANY, 3 * MANY);
        assertThat(io.framesOf(many[0]).get(1)).contains("\"conversationId\":\"another\"");
    }

    @Test
    void aCloseLetsAWaitingReaderGo() {
        lanes = lanes(config(1, 100_000, Duration.ZERO));
        connect(io, many);
        lanes.start();
        Thread reader = Thread.ofPlatform().daemon().start(() -> {
            for (int number = 1; number <= 6; number++) {
                lanes.accept(Deliveries.logged(message("large", number, many)));
            }
        });
        await().until(() -> reader.getState() == Thread.State.WAITING);

        lanes.close();

        await().until(() -> !reader.isAlive());
    }

    @Test
    void aCloseForgetsWhatWaitsThoughTheLaneNeverPauses() {
        connect(io, many);
        lanes.start();
        for (String conversation : List.of("c1", "c2", "c3")) {
            lanes.accept(Deliveries.logged(message(conversation, 1, many)));
        }
        await().until(() -> io.waiting() > 0);

        lanes.close();

        // What it was at, and nothing of the others.
        assertThat(io.waiting()).isLessThanOrEqualTo(MANY);
    }

    @Test
    void whatCannotBeDispatchedIsCountedAndTheNextOneIsDelivered() {
        connect(io, many);
        Delivery broken = message("large", 1, many);
        broken.getEvent().setKind("conversation.updated");
        lanes.start();

        lanes.accept(Deliveries.logged(broken));
        lanes.accept(Deliveries.logged(message("large", 2, many)));
        work(() -> io.written.size() == MANY);

        assertThat(meters.counter("milena.gateway.delivery.poison").count()).isEqualTo(1);
    }

    @Test
    void anIoThreadThatIsStuckHoldsUpNobodyElse() {
        FakeIoThread stuck = new FakeIoThread(true);
        for (int i = 0; i < MANY; i++) {
            connect(i % 2 == 0 ? io : stuck, many[i]);
        }
        lanes.start();

        lanes.accept(Deliveries.logged(message("large", 1, many)));
        work(() -> io.written.size() == MANY / 2);

        assertThat(stuck.written).isEmpty();
        await().until(() -> {
            while (stuck.step()) {}
            return stuck.written.size() == MANY / 2;
        });
    }
}
