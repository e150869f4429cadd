package chat.milena.topology.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.Role;
import chat.milena.topology.conversation.Command.AddMembers;
import chat.milena.topology.conversation.Command.ChangeRole;
import chat.milena.topology.conversation.Command.CreateConversation;
import chat.milena.topology.conversation.Command.RemoveMember;
import chat.milena.topology.conversation.Command.SendMessage;
import chat.milena.topology.conversation.Command.Update;
import chat.milena.topology.conversation.ConversationEvent.MessageSent;
import chat.milena.topology.conversation.ConversationState.Absent;
import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.Decision.Accepted;
import chat.milena.topology.conversation.Decision.Duplicate;
import chat.milena.topology.conversation.Decision.Rejected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// Invariants 2, 3 and 6 for any interleaving of commands of many users and conversations, resends among them, under a
/// clock that jumps both ways. A failure prints its seed; `-Dmilena.seed=N` runs that one again.
class ConversationRulesPropertyTest {
    private static final List<String> USERS = List.of("a", "b", "c", "d", "e", "f");
    private static final int CONVERSATIONS = 5;
    private static final int COMMANDS = 400;
    private static final int MEMBERS_MAX = 4;

    @RepeatedTest(200)
    void anyInterleavingGivesOneToNWithoutGapAndOnlyAllowedEffects() {
        checkAll(Long.getLong("milena.seed", System.nanoTime()));
    }

    @Test
    void theSameCommandsGiveTheSameDecisions() {
        assertThat(checkAll(42)).isEqualTo(checkAll(42));
    }

    private static List<Decision> checkAll(long seed) {
        Random random = new Random(seed);
        World world = new World(seed);
        List<Decision> decisions = new ArrayList<>();
        Instant clock = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < COMMANDS; i++) {
            clock = clock.plusMillis(random.nextInt(-50, 100));
            decisions.add(world.apply("c" + random.nextInt(CONVERSATIONS), anyCommand(random), clock));
        }
        world.checkLogs();
        return decisions;
    }

    private static Command anyCommand(Random random) {
        String user = anyUser(random);
        return switch (random.nextInt(12)) {
            case 0 ->
                new CreateConversation(
                        user,
                        random.nextInt(4) == 0 ? ConversationType.DIRECT : ConversationType.GROUP,
                        null,
                        new ConversationSettings(random.nextInt(4) == 0, random.nextBoolean(), true),
                        someUsers(random),
                        random.nextBoolean());
            case 1 -> new AddMembers(user, someUsers(random), random.nextBoolean(), Set.of());
            case 2 -> new RemoveMember(user, anyUser(random));
            case 3 -> new ChangeRole(user, anyUser(random), random.nextBoolean() ? Role.ADMIN : Role.MEMBER);
            case 4 -> new Update(user, new UpdateConversation("n" + random.nextInt(3), null, null, null));
            default -> {
                Content content = new Content("text", "x", null, null);
                yield new SendMessage(user, new Message("m" + random.nextInt(60), content, null));
            }
        };
    }

    private static String anyUser(Random random) {
        return USERS.get(random.nextInt(USERS.size()));
    }

    private static List<String> someUsers(Random random) {
        List<String> users = new ArrayList<>(USERS);
        Collections.shuffle(users, random);
        return users.subList(0, random.nextInt(4));
    }

    /// What a shell would keep, and what the checks need to have seen.
    private static final class World {
        private final ConversationRules rules = new ConversationRules(MEMBERS_MAX, 3);
        private final long seed;
        private final Map<String, ConversationState> states = new HashMap<>();
        private final Map<String, FirstSend> index = new HashMap<>();
        private final Map<String, List<NumberedEvent>> logs = new HashMap<>();

        World(long seed) {
            this.seed = seed;
        }

        Decision apply(String conversation, Command command, Instant now) {
            ConversationState before = states.getOrDefault(conversation, new Absent());
            String messageKey = command instanceof SendMessage send
                    ? conversation + "/" + send.message().getMessageId()
                    : "none";
            FirstSend first = index.get(messageKey);
            Decision decision = rules.decide(before, first, command, now);
            switch (decision) {
                case Accepted accepted -> {
                    checkAllowed(before, command, accepted, first);
                    states.put(conversation, accepted.next());
                    logs.computeIfAbsent(conversation, none -> new ArrayList<>())
                            .addAll(accepted.events());
                    if (accepted.isMessage()) {
                        Position at = accepted.next().position();
                        index.put(messageKey, new FirstSend(command.userId(), at.sequenceNumber(), at.timestamp()));
                    }
                }
                case Duplicate duplicate -> checkDuplicate(before, command, duplicate, first);
                case Rejected rejected -> assertThat(rejected.reason()).isNotBlank();
            }
            return decision;
        }

        /// Only a member changes anything, only an admin the group, and a group with members has an admin.
        private void checkAllowed(
                ConversationState before, Command command, Accepted accepted, @Nullable FirstSend first) {
            Open next = accepted.next();
            assertThat(next.position()).isEqualTo(accepted.events().getLast().position());
            assertThat(next.members()).as("seed %d", seed).hasSizeLessThanOrEqualTo(MEMBERS_MAX);
            if (command instanceof CreateConversation) {
                assertThat(before).as("seed %d", seed).isInstanceOf(Absent.class);
                assertThat(next.members()).as("seed %d", seed).containsKey(command.userId());
                return;
            }
            Open open = (Open) before;
            Membership actor = open.members().get(command.userId());
            Objects.requireNonNull(actor, () -> "an outsider had an effect; seed " + seed);
            boolean group = open.properties().type() == ConversationType.GROUP;
            boolean allowed = switch (command) {
                case SendMessage send ->
                    first == null
                            && next.members().equals(withJoined(open, actor))
                            && (actor.isAdmin() || !open.properties().settings().getOnlyAdminsCanPost());
                case AddMembers add ->
                    group
                            && (actor.isAdmin() || open.properties().settings().getAllowMemberInvites())
                            && next.members()
                                    .keySet()
                                    .containsAll(open.members().keySet());
                case RemoveMember remove ->
                    group && (actor.isAdmin() || remove.memberId().equals(actor.userId()));
                case ChangeRole role -> group && actor.isAdmin();
                case Update update -> group && actor.isAdmin();
                case CreateConversation create -> false;
            };
            assertThat(allowed).as("seed %d: %s by %s", seed, command, actor).isTrue();
            if (group && !next.members().isEmpty()) {
                assertThat(next.members().values()).as("seed %d: admins", seed).anyMatch(Membership::isAdmin);
            }
        }

        /// A message joins its sender in, and changes nobody else.
        private static Map<String, Membership> withJoined(Open open, Membership sender) {
            Map<String, Membership> members = new HashMap<>(open.members());
            members.put(sender.userId(), sender.toAccepted());
            return members;
        }

        private void checkDuplicate(
                ConversationState before, Command command, Duplicate duplicate, @Nullable FirstSend first) {
            assertThat(before)
                    .as("seed %d", seed)
                    .isInstanceOfSatisfying(
                            Open.class,
                            open -> assertThat(open.members())
                                    .as("seed %d", seed)
                                    .containsKey(command.userId()));
            if (command instanceof SendMessage) {
                Objects.requireNonNull(first, "a duplicate without a first send");
                assertThat(duplicate)
                        .as("seed %d", seed)
                        .isEqualTo(new Duplicate(first.sequenceNumber(), first.timestamp()));
                assertThat(first.senderId()).as("seed %d", seed).isEqualTo(command.userId());
            }
        }

        void checkLogs() {
            logs.forEach((conversation, log) -> {
                long ordinal = 0;
                Instant last = Instant.MIN;
                for (int i = 0; i < log.size(); i++) {
                    Position position = log.get(i).position();
                    ordinal += log.get(i).event() instanceof MessageSent ? 1 : 0;
                    assertThat(position.sequenceNumber()).as("seed %d", seed).isEqualTo(i + 1);
                    assertThat(position.messageOrdinal()).as("seed %d", seed).isEqualTo(ordinal);
                    assertThat(position.timestamp()).as("seed %d", seed).isAfterOrEqualTo(last);
                    last = position.timestamp();
                }
            });
        }
    }
}
