package chat.milena.conversation.rules;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Change;
import chat.milena.conversation.command.Change.DepartureDeleted;
import chat.milena.conversation.command.Change.DepartureNoted;
import chat.milena.conversation.command.Change.MessageIndexed;
import chat.milena.conversation.command.Change.WatermarksDeleted;
import chat.milena.conversation.command.Change.WatermarksMoved;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Command.AddMembers;
import chat.milena.conversation.command.Command.CreateConversation;
import chat.milena.conversation.command.Command.MarkReceipt;
import chat.milena.conversation.command.Command.RemoveMember;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.Watermarks;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ReceiptKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

/// 0 <= read <= delivered <= last, and none of them goes back, for any interleaving of receipts with messages
/// and with people who come and go, under a clock that jumps both ways. A failure prints its seed;
/// `-Dmilena.seed=N` runs that one again.
class ReceiptRulesPropertyTest {
    private static final List<String> USERS = List.of("a", "b", "c", "d");
    private static final int STEPS = 400;

    private final ConversationRules rules = new ConversationRules(4, 3, 2, Duration.ofDays(30), Duration.ZERO);
    private final FakeLookups lookups = FakeLookups.none();
    private final Map<String, Watermarks> receipts = lookups.watermarks;
    private ConversationState state = new Absent();

    @RepeatedTest(200)
    void watermarksStayInOrderAndOnlyMembersMoveTheirOwn() {
        long seed = Long.getLong("milena.seed", System.nanoTime());
        Random random = new Random(seed);
        Instant clock = Instant.parse("2026-01-01T00:00:00Z");
        ConversationSettings settings = new ConversationSettings(false, true, true, false, 0, false);
        command(
                new CreateConversation(Actor.member("a"), ConversationType.GROUP, null, settings, List.of("b"), false),
                clock);
        for (int i = 0; i < STEPS; i++) {
            clock = clock.plusMillis(random.nextInt(-50, 100));
            String user = USERS.get(random.nextInt(USERS.size()));
            Map<String, Watermarks> before = Map.copyOf(receipts);
            switch (random.nextInt(10)) {
                case 0 ->
                    command(
                            new AddMembers(
                                    Actor.member(user),
                                    List.of(USERS.get(random.nextInt(USERS.size()))),
                                    false,
                                    List.of()),
                            clock);
                case 1 -> command(new RemoveMember(Actor.member("a"), USERS.get(1 + random.nextInt(3))), clock);
                case 2, 3, 4 -> command(new SendMessage(Actor.member(user), message("m" + i)), clock);
                default -> mark(anyMark(user, random), clock, seed);
            }
            check(before, seed);
        }
    }

    private static MarkReceipt anyMark(String user, Random random) {
        ReceiptKind kind = random.nextBoolean() ? ReceiptKind.READ : ReceiptKind.DELIVERED;
        Long upTo = switch (random.nextInt(12)) {
            case 0 -> null;
            case 1 -> Long.MAX_VALUE;
            default -> (long) random.nextInt(STEPS / 3);
        };
        return new MarkReceipt(Actor.member(user), kind, upTo, List.of());
    }

    private void command(Command command, Instant now) {
        Changes changes = rules.decide(state, command, lookups, now);
        if (changes.next() != null) {
            state = changes.next();
        }
        keep(changes);
    }

    private void keep(Changes changes) {
        for (Change change : changes.list()) {
            switch (change) {
                case WatermarksMoved(String userId, Watermarks next, Instant at) -> receipts.put(userId, next);
                case WatermarksDeleted(String userId, Instant at) -> receipts.remove(userId);
                case MessageIndexed(String messageId, FirstSend first) -> lookups.messages.put(messageId, first);
                case DepartureNoted(Membership member) -> lookups.left.add(member.userId());
                case DepartureDeleted(String userId) -> lookups.left.remove(userId);
                default -> {}
            }
        }
    }

    private void mark(MarkReceipt mark, Instant now, long seed) {
        Watermarks before = receipts.getOrDefault(mark.userId(), Watermarks.NONE);
        boolean member = ((Open) state).members().containsKey(mark.userId());
        Changes changes = rules.decide(state, mark, lookups, now);
        switch (changes.answer()) {
            case Accepted accepted -> {
                assertThat(member).as("seed %d: moved by a member", seed).isTrue();
                keep(changes);
                assertThat(receipts.get(mark.userId())).as("seed %d", seed).isNotEqualTo(before);
            }
            case Duplicate duplicate -> {
                assertThat(member).as("seed %d: taken from a member", seed).isTrue();
                assertThat(duplicate.sequenceNumber()).as("seed %d", seed).isEqualTo(before.upTo(mark.kind()));
            }
            case Rejected rejected ->
                assertThat(member && mark.upToSequence() != null)
                        .as("seed %d: %s", seed, rejected)
                        .isFalse();
        }
    }

    private void check(Map<String, Watermarks> before, long seed) {
        long last = ((Open) state).position().sequenceNumber();
        receipts.forEach((user, now) -> {
            Watermarks then = before.getOrDefault(user, Watermarks.NONE);
            assertThat(now.read()).as("seed %d: read of %s", seed, user).isBetween(then.read(), now.delivered());
            assertThat(now.delivered())
                    .as("seed %d: delivered to %s", seed, user)
                    .isBetween(then.delivered(), last);
            assertThat(now.deliveredAt() == null).as("seed %d", seed).isEqualTo(now.delivered() == 0);
            assertThat(now.readAt() == null).as("seed %d", seed).isEqualTo(now.read() == 0);
        });
    }

    private static Message message(String messageId) {
        return new Message(messageId, new Content("text", "x", null, null, null), null, null, null);
    }
}
