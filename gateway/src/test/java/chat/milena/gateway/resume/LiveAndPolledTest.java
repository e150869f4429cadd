package chat.milena.gateway.resume;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.Deliveries;
import chat.milena.gateway.MovableWindows;
import chat.milena.gateway.command.InFlight;
import chat.milena.gateway.delivery.DeliveryCodec;
import chat.milena.gateway.delivery.DeliveryDispatcher;
import chat.milena.gateway.delivery.ReactionRelay;
import chat.milena.gateway.delivery.Reader;
import chat.milena.gateway.delivery.ReceiptRelay;
import chat.milena.gateway.delivery.ShardFeed;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.gateway.session.ConnectionRegistry;
import chat.milena.gateway.session.FrameMeters;
import chat.milena.gateway.session.TokenLife;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.avro.ChangeBan;
import chat.milena.schemas.avro.ChangedBlock;
import chat.milena.schemas.avro.ChangedDevice;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.FollowedThread;
import chat.milena.schemas.avro.MessageChange;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.ShownContent;
import chat.milena.schemas.avro.ShownPersonal;
import chat.milena.schemas.avro.ShownReaction;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.avro.Warning;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.testsupport.MovableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A device that polls gets the frames that a connected device gets, whatever a delivery holds.
class LiveAndPolledTest {
    private static final UserKey ALICE = new UserKey("default", "alice");
    /// Fields that are news of nobody by themselves. An outcome answers the connection that waits for it.
    private static final Set<String> NO_NEWS = Set.of("tenant", "conversationId", "recipients", "outcome");

    private final MovableClock clock = new MovableClock();
    private final MovableWindows windows = new MovableWindows();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ConnectionRegistry registry = new ConnectionRegistry(meters);
    private final DeliveryDispatcher dispatcher = new DeliveryDispatcher(
            "gw",
            registry,
            new InFlight(),
            new ReceiptRelay(registry, windows, Duration.ofMillis(200), 3),
            new ReactionRelay(registry, windows, Duration.ofMillis(200), 3, done -> {}),
            done -> {},
            (sender, delivery) -> {});
    private final RecentDeliveries recent = new RecentDeliveries(ResumeConfig.DEFAULT.recent(), clock, clock::nanos);
    private final Polls polls = new Polls(
            new ResumeTokens(new Secret("a secret of this test"), Duration.ofHours(1), clock, List.of()),
            recent,
            new LogScan(
                    new DeliveryCodec(new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load()).deliveries()),
                    () -> {
                        throw new AssertionError("The delivery is buffered");
                    },
                    ResumeConfig.DEFAULT.scans()),
            ResumeConfig.DEFAULT,
            1,
            clock);
    private final ShardFeed feed = ShardFeed.pipeline(recent, polls.wakes());

    static Stream<String> fields() {
        return Delivery.getClassSchema().getFields().stream()
                .map(Schema.Field::name)
                .filter(field -> !NO_NEWS.contains(field));
    }

    @ParameterizedTest
    @MethodSource("fields")
    void polledFramesAreTheLiveOnes(String field) {
        Delivery delivery = with(field);
        assertThat(delivery.get(field)).as("The sample holds %s", field).isNotNull();
        Reader live = connect();
        feed.begun(0, 0);

        dispatcher.dispatch(Deliveries.written(0, 0, clock.millis(), delivery));
        windows.end();
        feed.accept(Deliveries.written(0, 0, clock.millis(), delivery));

        assertThat(live.frames()).as("live").hasSize(1);
        assertThat(polls.poll(ALICE, new ResumePosition(1, 0, 0), () -> {}))
                .isInstanceOfSatisfying(
                        Polls.Frames.class,
                        polled -> assertThat(polled.frames())
                                .map(Objects::toString)
                                .isEqualTo(live.frames()));
    }

    private Reader connect() {
        Reader reader = new Reader();
        Connection connection = new Connection(
                "conn_1",
                new TokenLife(
                        Deliveries.TIME,
                        0,
                        new VerifiedToken("default", "alice", null, Deliveries.TIME.plusSeconds(60)),
                        Duration.ofSeconds(60)),
                reader,
                ConnectionConfig.DEFAULT,
                new Connection.Shared(
                        new FrameMeters(meters), new Budget(new Bounds(10, 10, Bounds.NONE, Bounds.NONE))));
        connection.open();
        registry.add(connection);
        return reader;
    }

    /// A delivery to alice that holds this field. A new field needs a sample here, and its frame in polls.
    private static Delivery with(String field) {
        Delivery delivery = Deliveries.event("default", "c1", 5, "hi", "alice");
        switch (field) {
            case "event" -> {}
            case "conversation" -> {
                delivery.getEvent().setKind("conversation.updated");
                delivery.getEvent().setMessage(null);
                delivery.setConversation(new ConversationSnapshot(
                        "group",
                        "Team",
                        new ConversationSettings(false, true, true, false, 0, false),
                        List.of(new Participant("alice", "admin")),
                        1,
                        5L,
                        Deliveries.TIME,
                        null,
                        null));
            }
            case "content" -> {
                change(delivery, "message.edited");
                delivery.setContent(
                        new ShownContent(new Content("text", "ho", null, null, null), List.of(), null, null));
            }
            case "reaction" -> {
                change(delivery, "reaction");
                delivery.setReaction(new ShownReaction("👍", 1, false, List.of(), null));
            }
            default -> {
                delivery.setEvent(null);
                delivery.put(
                        field,
                        switch (field) {
                            case "receipt" ->
                                Deliveries.receipt("c1", "read", "bob", 3, "alice")
                                        .getReceipt();
                            case "user" -> new User("default", "alice", "Alice", null, null, Deliveries.TIME, null);
                            case "personal" -> new ShownPersonal(true, true, false, false, 3L, 1L, null, null);
                            case "device" -> new ChangedDevice("phone", Deliveries.TIME);
                            case "block" -> new ChangedBlock("alice", "bob", true);
                            case "warning" -> new Warning("c1", "m1", "Stop.", Deliveries.TIME);
                            case "ban" -> new ChangeBan("alice", null, true, null, "spam");
                            case "thread" -> new FollowedThread("default", "c1", "alice", "m1", 1L, 2L, true);
                            default -> throw new AssertionError("No sample of " + field);
                        });
            }
        }
        return delivery;
    }

    private static void change(Delivery delivery, String kind) {
        delivery.getEvent().setKind(kind);
        delivery.getEvent().setMessage(null);
        delivery.getEvent().setChange(new MessageChange("m1", 1L, 1L, null, 0, false));
    }
}
