package chat.milena.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.Deliveries;
import chat.milena.gateway.MovableWindows;
import chat.milena.gateway.command.InFlight;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.gateway.session.ConnectionRegistry;
import chat.milena.gateway.session.FrameMeters;
import chat.milena.gateway.session.TokenLife;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.MessageChange;
import chat.milena.schemas.avro.ShownReaction;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ReactionRelayTest {
    private static final int HELD_MAX = 8;
    private static final JsonMapper JSON = new JsonMapper();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ConnectionRegistry registry = new ConnectionRegistry(meters);
    private final MovableWindows windows = new MovableWindows();
    private final Set<Long> dispatched = ConcurrentHashMap.newKeySet();
    private final ReactionRelay relay = new ReactionRelay(
            registry, windows, Duration.ofMillis(200), HELD_MAX, logged -> dispatched.add(logged.offset()));
    private final DeliveryDispatcher dispatcher = new DeliveryDispatcher(
            "gw",
            registry,
            new InFlight(),
            new ReceiptRelay(registry, windows, Duration.ofMillis(200), 3),
            relay,
            logged -> dispatched.add(logged.offset()),
            (sender, delivery) -> {});

    private Reader connect(String userId, long liveFrom) {
        Reader reader = new Reader();
        VerifiedToken token = new VerifiedToken("default", userId, null, Deliveries.TIME.plusSeconds(60));
        Connection connection = new Connection(
                "conn_" + registry.size(),
                new TokenLife(Deliveries.TIME, 0, token, Duration.ofSeconds(60)),
                reader,
                ConnectionConfig.DEFAULT,
                new Connection.Shared(
                        new FrameMeters(meters), new Budget(new Bounds(10, 10, Bounds.NONE, Bounds.NONE))));
        connection.open();
        connection.liveFrom(liveFrom);
        registry.add(connection);
        return reader;
    }

    /// A change of the message with number 1, 2 or 3 in a large group.
    private static Delivery change(String kind, long number, long target) {
        Delivery delivery = Deliveries.event("default", "grp_1", number, "unused", "alice");
        delivery.getEvent().setKind(kind);
        delivery.getEvent().setMessage(null);
        delivery.getEvent().setChange(new MessageChange("m" + target, target, 0L, null, 0, false));
        return delivery;
    }

    private static Delivery reaction(long number, long target, String emoji, int count) {
        Delivery delivery = change("reaction", number, target);
        delivery.setReaction(new ShownReaction(emoji, count, true, List.of(), null));
        return delivery;
    }

    private void reacts(long number, long target, String emoji, int count) {
        dispatcher.dispatch(Deliveries.logged(0, number, reaction(number, target, emoji, count)));
    }

    private static JsonNode payload(String frame) {
        try {
            return JSON.readTree(frame).path("payload");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theFirstReactionIsSentAndThoseAfterItAreOneFrame() {
        Reader alice = connect("alice", 0);

        reacts(11, 1, "a", 1);
        reacts(12, 1, "a", 2);
        reacts(13, 1, "b", 1);
        reacts(14, 1, "b", 0);

        assertThat(alice.frames()).hasSize(1);
        assertThat(payload(alice.frames().getFirst()).path("reactions")).hasToString("[{\"emoji\":\"a\",\"count\":1}]");
        assertThat(dispatched).containsExactly(11L);
        windows.end();
        assertThat(alice.frames()).hasSize(2);
        JsonNode together = payload(alice.frames().getLast());
        assertThat(together.path("sequenceNumber").asLong()).isEqualTo(14);
        assertThat(together.path("sequenceNumbers")).hasToString("[12,13,14]");
        assertThat(together.path("reactions"))
                .hasToString("[{\"emoji\":\"a\",\"count\":2},{\"emoji\":\"b\",\"count\":0}]");
        assertThat(together.has("userId")).isFalse();
        assertThat(dispatched).hasSize(4);

        reacts(15, 1, "a", 3);
        assertThat(alice.frames()).hasSize(2);
        windows.end();
        assertThat(alice.frames()).hasSize(3);
        windows.end();
        assertThat(relay.size()).isZero();
        assertThat(windows.open()).isZero();
    }

    @Test
    void usersWhoMayNotReadTheMessageGetTheNumbersAlone() {
        Reader alice = connect("alice", 0);
        reacts(11, 1, "a", 1);
        Delivery hidden = reaction(12, 1, "a", 2);
        hidden.getReaction().setWithoutIt(List.of("alice"));

        dispatcher.dispatch(Deliveries.logged(0, 12, hidden));
        windows.end();

        JsonNode numbers = payload(alice.frames().getLast());
        assertThat(numbers.path("sequenceNumbers")).hasToString("[12]");
        assertThat(numbers.has("reactions")).isFalse();
    }

    @Test
    void aDeletionFollowsTheReactionsBeforeIt() {
        Reader alice = connect("alice", 0);
        reacts(11, 1, "a", 1);
        reacts(12, 1, "a", 2);

        dispatcher.dispatch(Deliveries.logged(0, 13, change("message.deleted", 13, 1)));
        windows.end();

        assertThat(alice.frames())
                .extracting(frame -> payload(frame).path("sequenceNumber").asLong())
                .containsExactly(11L, 12L, 13L);
    }

    @Test
    void whatWaitsIsSentWhenTheGatewayStopsAndNothingWaitsAfterThat() {
        Reader alice = connect("alice", 0);
        reacts(11, 1, "a", 1);
        reacts(12, 1, "a", 2);

        relay.close();
        reacts(13, 1, "a", 3);
        windows.end();

        assertThat(alice.frames()).hasSize(3);
        assertThat(relay.size()).isZero();
        assertThat(dispatched).hasSize(3);
    }

    @Test
    void aConnectionThatContinuesAfterThemGetsNone() {
        connect("alice", 0);
        Reader phone = connect("alice", 13);
        reacts(11, 1, "a", 1);
        reacts(12, 1, "a", 2);

        windows.end();

        assertThat(phone.frames()).isEmpty();
    }

    /// Reactions, windows that end, deletions: whatever their order and however little room there is, a client that
    /// applies the frames has the latest counts and each number once, and gets at most one frame of a message in a
    /// window while there is room.
    @RepeatedTest(50)
    void framesGiveTheLatestCountsAndEachNumberOnce() {
        long seed = Long.getLong("milena.seed", System.nanoTime());
        Random random = new Random(seed);
        Reader alice = connect("alice", 0);
        Map<Long, Map<String, Integer>> counts = new HashMap<>();
        long number = 10;
        for (int i = 0; i < 300; i++) {
            switch (random.nextInt(12)) {
                case 0 -> windows.end();
                case 1 -> {
                    number++;
                    long target = 1L + random.nextInt(3);
                    dispatcher.dispatch(Deliveries.logged(0, number, change("message.pinned", number, target)));
                }
                case 2 -> {
                    number++;
                    long deleted = 100L + random.nextInt(3);
                    dispatcher.dispatch(Deliveries.logged(0, number, change("message.deleted", number, deleted)));
                }
                default -> {
                    number++;
                    long target = 1L + random.nextInt(3);
                    String emoji = "e" + random.nextInt(4);
                    int count = random.nextInt(5);
                    counts.computeIfAbsent(target, none -> new TreeMap<>()).put(emoji, count);
                    reacts(number, target, emoji, count);
                }
            }
            assertThat(relay.size()).as("seed %d", seed).isLessThanOrEqualTo(HELD_MAX);
        }
        windows.end();

        Map<Long, Map<String, Integer>> folded = new HashMap<>();
        List<Long> numbers = new ArrayList<>();
        for (String frame : alice.frames()) {
            JsonNode payload = payload(frame);
            if (payload.has("reactions")) {
                payload.path("sequenceNumbers").forEach(one -> numbers.add(one.asLong()));
                Map<String, Integer> known =
                        folded.computeIfAbsent(payload.path("targetSequence").asLong(), none -> new TreeMap<>());
                payload.path("reactions")
                        .forEach(use -> known.put(
                                use.path("emoji").asText(), use.path("count").asInt()));
            } else {
                numbers.add(payload.path("sequenceNumber").asLong());
            }
        }
        assertThat(folded).as("seed %d", seed).isEqualTo(counts);
        assertThat(numbers).as("seed %d", seed).doesNotHaveDuplicates();
        assertThat(new TreeSet<>(numbers))
                .as("seed %d", seed)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(11, number).boxed().toList());
        assertThat(dispatched).as("seed %d", seed).hasSize(numbers.size());
    }

    /// The reader's thread beside the thread of windows.
    @RepeatedTest(20)
    void windowsThatEndMeanwhileLoseAndReorderNothing() throws InterruptedException {
        Reader alice = connect("alice", 0);
        Thread ends = Thread.ofPlatform().start(() -> {
            while (!Thread.interrupted()) {
                windows.end();
            }
        });
        int last = 5_000;
        for (int number = 1; number <= last; number++) {
            reacts(number, 1, "a", number);
        }
        ends.interrupt();
        ends.join();
        windows.end();

        List<Long> numbers = new ArrayList<>();
        for (String frame : alice.frames()) {
            JsonNode payload = payload(frame);
            payload.path("sequenceNumbers").forEach(one -> numbers.add(one.asLong()));
            assertThat(payload.path("reactions").path(0).path("count").asLong())
                    .isEqualTo(payload.path("sequenceNumber").asLong());
        }
        assertThat(numbers)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, last).boxed().toList());
        assertThat(dispatched).hasSize(last);
    }
}
