package chat.milena.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.Hold;
import chat.milena.schemas.avro.MessageChange;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.ShownContent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryDispatcherTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ConnectionRegistry registry = new ConnectionRegistry(meters);
    private final MovableWindows windows = new MovableWindows();
    private final DeliveryDispatcher dispatcher = new DeliveryDispatcher(
            "gw",
            registry,
            new InFlight(),
            new ReceiptRelay(registry, windows, Duration.ofMillis(200), 3),
            new ReactionRelay(registry, windows, Duration.ofMillis(200), 3, done -> {}),
            done -> {},
            (sender, delivery) -> {});

    private Reader connect(String userId) {
        Reader reader = new Reader();
        Connection connection = new Connection(
                "conn_" + registry.size(),
                new TokenLife(
                        Deliveries.TIME,
                        0,
                        new VerifiedToken("default", userId, null, Deliveries.TIME.plusSeconds(60)),
                        Duration.ofSeconds(60)),
                reader,
                ConnectionConfig.DEFAULT,
                new Connection.Shared(
                        new FrameMeters(meters), new Budget(new Bounds(10, 10, Bounds.NONE, Bounds.NONE))));
        connection.open();
        registry.add(connection);
        return reader;
    }

    private static Delivery change(String kind, String... to) {
        Delivery delivery = Deliveries.event("default", "grp_1", 5, "unused", to);
        delivery.getEvent().setKind(kind);
        delivery.getEvent().setMessage(null);
        delivery.getEvent().setParticipants(List.of(new Participant("carol", "member")));
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
        return delivery;
    }

    @ParameterizedTest
    @ValueSource(strings = {"conversation.updated", "member.added", "role.changed"})
    void changesShowTheConversation(String kind) {
        Reader alice = connect("alice");

        dispatcher.dispatch(Deliveries.logged(change(kind, "alice")));

        assertThat(alice.frames())
                .containsExactly(
                        "{\"type\":\"conversation.updated\",\"payload\":{\"conversationId\":\"grp_1\","
                                + "\"type\":\"group\",\"name\":\"Team\",\"participants\":[{\"userId\":\"alice\","
                                + "\"role\":\"admin\"}],\"memberCount\":1,\"settings\":{\"onlyAdminsCanPost\":false,"
                                + "\"allowMemberInvites\":true,\"historyVisibleToNewMembers\":true,\"onlyAdminsMentionAll\":false,"
                                + "\"slowModeSeconds\":0,\"premoderation\":false},\"lastSequence\":5,\"createdAt\":\"2024-02-02T15:06:40Z\",\"sequenceNumber\":5}}");
    }

    @Test
    void whoIsAddedIsShownANewConversation() {
        Reader carol = connect("carol");

        dispatcher.dispatch(Deliveries.logged(change("member.added", "carol")));

        assertThat(carol.frames()).singleElement().asString().startsWith("{\"type\":\"conversation.created\"");
    }

    @Test
    void whoIsRemovedIsToldThatAndNoMore() {
        Reader alice = connect("alice");
        Reader carol = connect("carol");

        dispatcher.dispatch(Deliveries.logged(change("member.removed", "alice", "carol")));

        assertThat(alice.frames()).singleElement().asString().startsWith("{\"type\":\"conversation.updated\"");
        assertThat(carol.frames())
                .containsExactly("{\"type\":\"conversation.left\",\"payload\":"
                        + "{\"conversationId\":\"grp_1\",\"sequenceNumber\":5}}");
    }

    /// Alice was an admin when the message began to wait, left, and came back as a member who may not read it.
    @Test
    void heldEditIsShownToThoseAloneWhoMayStillReadIt() {
        Reader alice = connect("alice");
        Reader bob = connect("bob");
        Reader carol = connect("carol");
        Delivery delivery = Deliveries.event("default", "grp_1", 5, "unused", "alice", "bob", "carol");
        delivery.getEvent().setKind("message.edited");
        delivery.getEvent().setMessage(null);
        delivery.getEvent().setChange(new MessageChange("m3", 3L, 1L, null, 0, false));
        delivery.getEvent().setHold(new Hold(List.of("bob", "alice"), true, 0L, 0L, false));
        delivery.setContent(
                new ShownContent(new Content("text", "psst", null, null, null), List.of("alice"), null, null));

        dispatcher.dispatch(Deliveries.logged(delivery));

        assertThat(bob.frames()).singleElement().asString().contains("psst", "\"held\":true");
        for (Reader other : List.of(alice, carol)) {
            assertThat(other.frames())
                    .singleElement()
                    .asString()
                    .contains("\"hidden\":true")
                    .doesNotContain("psst");
        }
    }

    /// Members who were never shown the message learn that there is an edit, and those who were also of what.
    @Test
    void hiddenEditNamesOnlyAMessageThatWasShownBefore() {
        Reader carol = connect("carol");
        for (boolean shownBefore : List.of(false, true)) {
            Delivery delivery = Deliveries.event("default", "grp_1", 5, "unused", "bob", "carol");
            delivery.getEvent().setKind("message.edited");
            delivery.getEvent().setMessage(null);
            delivery.getEvent().setChange(new MessageChange("m3", 3L, 1L, null, 0, false));
            delivery.getEvent().setHold(new Hold(List.of("bob"), true, 0L, 0L, shownBefore));
            delivery.setContent(new ShownContent(new Content("text", "psst", null, null, null), List.of(), null, null));
            dispatcher.dispatch(Deliveries.logged(delivery));
        }

        long time = Deliveries.event("default", "grp_1", 5, "unused")
                .getEvent()
                .getTimestamp()
                .toEpochMilli();
        String place = "\"sequenceNumber\":5,\"targetSequence\":3,\"timestamp\":" + time;
        assertThat(carol.frames())
                .containsExactly(
                        "{\"type\":\"message.updated\",\"payload\":{\"conversationId\":\"grp_1\"," + place
                                + ",\"hidden\":true}}",
                        "{\"type\":\"message.updated\",\"payload\":{\"conversationId\":\"grp_1\",\"messageId\":\"m3\","
                                + place + ",\"revision\":1,\"editedAt\":" + time + ",\"hidden\":true}}");
    }

    @Test
    void eventIsEncodedOnceForAllItsRecipients() {
        Reader alice = connect("alice");
        Reader bob = connect("bob");

        dispatcher.dispatch(Deliveries.logged(Deliveries.event("default", "c1", 1, "hi", "alice", "bob")));

        assertThat(alice.buffers().getFirst().array())
                .isSameAs(bob.buffers().getFirst().array());
    }

    @Test
    void kindsOfLaterVersionsAreLeftOut() {
        Reader alice = connect("alice");

        dispatcher.dispatch(Deliveries.logged(change("poll.opened", "alice")));

        assertThat(alice.frames()).isEmpty();
    }

    @Test
    void changeWithoutItsConversationIsRefused() {
        connect("alice");
        Delivery delivery = change("conversation.updated", "alice");
        delivery.setConversation(null);

        assertThatThrownBy(() -> dispatcher.dispatch(Deliveries.logged(delivery)))
                .isInstanceOf(IllegalStateException.class);
    }
}
