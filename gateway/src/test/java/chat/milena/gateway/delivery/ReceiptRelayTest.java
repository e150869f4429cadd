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
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.Participant;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReceiptRelayTest {
    private static final int HELD_MAX = 3;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ConnectionRegistry registry = new ConnectionRegistry(meters);
    private final MovableWindows windows = new MovableWindows();
    private final ReceiptRelay relay = new ReceiptRelay(registry, windows, Duration.ofMillis(200), HELD_MAX);
    private final ReactionRelay reactions =
            new ReactionRelay(registry, windows, Duration.ofMillis(200), HELD_MAX, done -> {});
    private final DeliveryDispatcher dispatcher = new DeliveryDispatcher(
            "gw", registry, new InFlight(), relay, reactions, done -> {}, (sender, delivery) -> {});

    private Reader connect(String userId) {
        return connect(userId, 0);
    }

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

    @Test
    void receiptOfTwoShardsIsOneFrameForTheRecipientsOfBoth() {
        Reader alice = connect("alice");
        Reader carol = connect("carol");
        dispatcher.dispatch(Deliveries.logged(Deliveries.receipt("c1", "read", "bob", 3, "alice")));
        dispatcher.dispatch(Deliveries.logged(Deliveries.receipt("c1", "read", "bob", 3, "carol")));
        assertThat(windows.open()).isEqualTo(1);

        windows.end();

        assertThat(alice.frames()).hasSize(1);
        assertThat(carol.frames()).isEqualTo(alice.frames());
        assertThat(relay.waiting()).isZero();
    }

    @Test
    void whoseShardIsReadLaterIsNotToldOfWhatComesTwiceGoingBack() {
        connect("alice");
        Reader carol = connect("carol");
        dispatcher.dispatch(Deliveries.logged(1, 10, Deliveries.receipt("c1", "read", "bob", 9, "alice")));
        dispatcher.dispatch(Deliveries.logged(2, 4, Deliveries.receipt("c1", "read", "bob", 3, "carol")));
        windows.end();
        dispatcher.dispatch(Deliveries.logged(2, 5, Deliveries.receipt("c1", "read", "bob", 6, "carol")));
        windows.end();

        assertThat(carol.frames()).hasSize(2);
        assertThat(carol.frames().getFirst()).contains("\"readUpToSequence\":3");
        assertThat(carol.frames().getLast()).contains("\"readUpToSequence\":6");
    }

    @Test
    void connectionThatGoesOnBehindAReceiptIsNotToldItAgain() {
        Reader phone = connect("alice", 8);
        Reader laptop = connect("alice");
        dispatcher.dispatch(Deliveries.logged(1, 7, Deliveries.receipt("c1", "read", "bob", 3, "alice")));
        windows.end();
        assertThat(laptop.frames()).hasSize(1);
        assertThat(phone.frames()).isEmpty();

        dispatcher.dispatch(Deliveries.logged(1, 8, Deliveries.receipt("c1", "read", "bob", 4, "alice")));
        windows.end();

        assertThat(phone.frames()).singleElement().asString().contains("\"readUpToSequence\":4");
    }

    @Test
    void whoIsTakenOutHearsNothingOfTheConversationAfterThat() {
        Reader alice = connect("alice");
        dispatcher.dispatch(Deliveries.logged(Deliveries.receipt("grp_1", "read", "bob", 3, "alice")));

        dispatcher.dispatch(Deliveries.logged(removed("alice", 5)));
        windows.end();

        assertThat(alice.frames()).hasSize(2);
        assertThat(alice.frames().getFirst()).contains("message.read_receipt");
        assertThat(alice.frames().getLast()).contains("conversation.left");
    }

    @Test
    void messagesDoNotWaitForReceiptsNorMakeThemHurry() {
        Reader alice = connect("alice");
        dispatcher.dispatch(Deliveries.logged(Deliveries.receipt("c1", "read", "bob", 3, "alice")));
        dispatcher.dispatch(Deliveries.logged(Deliveries.event("default", "c1", 4, "hi", "alice")));

        assertThat(alice.frames()).singleElement().asString().contains("message.new");
        assertThat(relay.waiting()).isEqualTo(1);
    }

    @Test
    void nothingWaitsForPeopleWhoAreNotHere() {
        dispatcher.dispatch(Deliveries.logged(Deliveries.receipt("c1", "read", "bob", 3, "alice")));

        assertThat(relay.waiting()).isZero();
        assertThat(windows.open()).isZero();
    }

    @Test
    void receiptsThatFindNoRoomAreToldAtOnce() {
        Reader alice = connect("alice");
        for (int i = 0; i < HELD_MAX; i++) {
            dispatcher.dispatch(Deliveries.logged(Deliveries.receipt("c" + i, "read", "bob", 3, "alice")));
        }
        assertThat(alice.frames()).isEmpty();

        dispatcher.dispatch(Deliveries.logged(Deliveries.receipt("c9", "read", "bob", 3, "alice")));
        dispatcher.dispatch(Deliveries.logged(Deliveries.receipt("c0", "read", "bob", 4, "alice")));

        assertThat(alice.frames()).singleElement().asString().contains("c9");
        windows.end();
        assertThat(alice.frames()).hasSize(1 + HELD_MAX);
        assertThat(alice.frames().get(1)).contains("\"readUpToSequence\":4");
    }

    @Test
    void moreMessagesThanAFrameNamesMakeTwoFrames() {
        Reader alice = connect("alice");
        for (int part = 0; part < 2; part++) {
            int first = part * 60;
            Delivery delivery = Deliveries.receipt("c1", "delivered", "bob", 100 + part, "alice");
            delivery.getReceipt()
                    .setMessageIds(new ArrayList<>(IntStream.range(first, first + 60)
                            .mapToObj(i -> "m" + i)
                            .toList()));
            dispatcher.dispatch(Deliveries.logged(delivery));
        }

        windows.end();

        assertThat(alice.frames()).hasSize(2);
        assertThat(alice.frames().getFirst()).contains("\"m59\"").contains(":100,");
        assertThat(alice.frames().getLast()).contains("\"m60\"").contains(":101,");
    }

    @Test
    void wordsOfALaterVersionArePassedOver() {
        Reader alice = connect("alice");
        dispatcher.dispatch(Deliveries.logged(Deliveries.receipt("c1", "dreamt", "bob", 3, "alice")));

        windows.end();

        assertThat(alice.frames()).isEmpty();
    }

    private static Delivery removed(String userId, long number) {
        Delivery delivery = Deliveries.event("default", "grp_1", number, "unused", userId, "bob");
        delivery.getEvent().setKind("member.removed");
        delivery.getEvent().setMessage(null);
        delivery.getEvent().setParticipants(List.of(new Participant(userId, "member")));
        delivery.setConversation(new ConversationSnapshot(
                "group",
                "Team",
                new ConversationSettings(false, true, true, false, 0, false),
                List.of(),
                1,
                number,
                Deliveries.TIME,
                null,
                null));
        return delivery;
    }
}
