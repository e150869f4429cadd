package chat.milena.conversation.rules;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.command.Recipients;
import chat.milena.conversation.command.DeliveryRoute;
import chat.milena.conversation.state.ConversationEvent;
import chat.milena.conversation.state.ConversationEvent.ConversationCreated;
import chat.milena.conversation.state.ConversationEvent.ConversationUpdated;
import chat.milena.conversation.state.ConversationEvent.MemberRemoved;
import chat.milena.conversation.state.ConversationEvent.MembersAdded;
import chat.milena.conversation.state.ConversationEvent.MessageDeleted;
import chat.milena.conversation.state.ConversationEvent.MessageSent;
import chat.milena.conversation.state.ConversationEvent.RoleChanged;
import chat.milena.conversation.state.ConversationProperties;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.NumberedEvent;
import chat.milena.conversation.state.Position;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.ShownContent;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.schemas.word.Role;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeliveryPolicyTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Membership ALICE = member("alice", true);
    private static final Membership BOB = member("bob", true);
    private static final Membership CAROL = member("carol", true);

    private final Open small = open(false, ALICE, BOB);
    private final Open large = open(true, ALICE, BOB);

    @Test
    void eventsGoToAllWhoAreInAfterThem() {
        assertThat(List.of(
                        route(new Absent(), small, created(false)),
                        route(small, sent(null)),
                        route(small, new ConversationUpdated(small.properties())),
                        route(small, new MembersAdded(List.of(CAROL), false)),
                        route(small, new RoleChanged(BOB.toRole(Role.ADMIN)))))
                .containsOnly(DeliveryRoute.TO_MEMBERS);
    }

    @Test
    void removedMemberIsNotifiedOfTheRemoval() {
        assertThat(route(small, new MemberRemoved(BOB))).isEqualTo(DeliveryRoute.TO_FORMER_MEMBERS);
    }

    @Test
    void largeConversationGoesThroughTheFanoutAndNamesMembersWhereOthersAreIn() {
        assertThat(route(large, sent(null))).isEqualTo(DeliveryRoute.BY_FANOUT);
        assertThat(route(large, sent(BOB))).as("joining in is no coming in").isEqualTo(DeliveryRoute.BY_FANOUT);
        assertThat(route(large, new ConversationUpdated(large.properties()))).isEqualTo(DeliveryRoute.BY_FANOUT);
        assertThat(route(large, new RoleChanged(BOB.toRole(Role.ADMIN)))).isEqualTo(DeliveryRoute.BY_FANOUT);
        assertThat(route(large, new MembersAdded(List.of(CAROL), true)))
                .isEqualTo(new DeliveryRoute.Fanout(List.of("alice", "bob", "carol")));
        assertThat(route(large, new MemberRemoved(BOB))).isEqualTo(new DeliveryRoute.Fanout(List.of("alice")));
    }

    @Test
    void eventThatMakesAConversationLargeNamesItsMembers() {
        assertThat(route(new Absent(), large, created(true)))
                .isEqualTo(new DeliveryRoute.Fanout(List.of("alice", "bob")));
        assertThat(route(small, new MembersAdded(List.of(CAROL), true)))
                .isEqualTo(new DeliveryRoute.Fanout(List.of("alice", "bob", "carol")));
        assertThat(route(small, new ConversationUpdated(large.properties())))
                .as("whatever event it is")
                .isEqualTo(new DeliveryRoute.Fanout(List.of("alice", "bob")));
    }

    @Test
    void receiptIsShownToAllButWhatIsOnADeviceNotToItsUser() {
        for (Open open : List.of(small, large)) {
            assertThat(ofReceipt(open, BOB, ReceiptKind.READ, 2)).isEqualTo(Recipients.MEMBERS);
            assertThat(ofReceipt(open, BOB, ReceiptKind.DELIVERED, 2)).isEqualTo(new Recipients.Others("bob"));
        }
    }

    @Test
    void receiptAmongManyMembersIsForTheSendersOfWhatWasRead() {
        assertThat(ofReceipt(small, BOB, ReceiptKind.READ, 1, "alice", "bob", "gone"))
                .isEqualTo(new Recipients.Some(List.of("alice", "bob")));
        assertThat(ofReceipt(small, BOB, ReceiptKind.READ, 1)).isEqualTo(Recipients.Some.of("bob"));
        assertThat(ofReceipt(small, BOB, ReceiptKind.DELIVERED, 1, "alice")).isEqualTo(Recipients.NOBODY);
    }

    @Test
    void receiptBeforeJoiningInIsForItsUserAlone() {
        Membership guest = member("bob", false);

        for (int broadcastMax : List.of(1, 2)) {
            assertThat(ofReceipt(small, guest, ReceiptKind.READ, broadcastMax, "alice"))
                    .isEqualTo(Recipients.Some.of("bob"));
            assertThat(ofReceipt(small, guest, ReceiptKind.DELIVERED, broadcastMax, "alice"))
                    .isEqualTo(Recipients.NOBODY);
        }
    }

    private static Recipients ofReceipt(
            Open open, Membership reader, ReceiptKind kind, int broadcastMax, String... senders) {
        return DeliveryPolicy.ofReceipt(open, reader, kind, broadcastMax, () -> Set.of(senders));
    }

    @Test
    void deletionNamesWhoDoesNotGetItsReason() {
        Membership late = new Membership("late", Role.MEMBER, NOON, 5, null, true, 5L, false);
        Open open = open(false, ALICE, late);

        assertThat(DeliveryPolicy.content(new MessageDeleted("m1", 2, "reason", false, null), open))
                .isNotNull()
                .extracting(ShownContent::getWithoutIt)
                .isEqualTo(List.of("late"));
        assertThat(DeliveryPolicy.content(new MessageDeleted("m1", 5, "reason", false, null), open))
                .isNull();
        assertThat(DeliveryPolicy.content(new MessageDeleted("m1", 2, null, false, null), open))
                .isNull();
    }

    private static DeliveryRoute route(Open before, ConversationEvent event) {
        Open after = before.toAfter(new NumberedEvent(before.position().next(event, NOON), event));
        return route(before, after, event);
    }

    private static DeliveryRoute route(ConversationState before, Open after, ConversationEvent event) {
        return DeliveryPolicy.route(before, event, after);
    }

    private ConversationCreated created(boolean isLarge) {
        return new ConversationCreated((isLarge ? large : small).properties(), List.of(ALICE, BOB));
    }

    private static MessageSent sent(@Nullable Membership joined) {
        return new MessageSent(
                new Message("m1", new Content("text", "hi", null, null, null), null, null, null), joined, null, null);
    }

    private static Membership member(String userId, boolean accepted) {
        return new Membership(userId, Role.MEMBER, NOON, 1, null, accepted, 1L, false);
    }

    private static Open open(boolean large, Membership... members) {
        SortedMap<String, Membership> byUser = new TreeMap<>();
        for (Membership member : members) {
            byUser.put(member.userId(), member);
        }
        ConversationProperties properties = new ConversationProperties(
                ConversationType.GROUP,
                ConversationProperties.Profile.named("g"),
                new ConversationSettings(false, false, true, false, 0, false),
                "alice",
                NOON,
                large,
                null);
        return new Open(properties, byUser, new Position(1, 0, 0, 0, 0, 0, 0, NOON));
    }
}
