package chat.milena.conversation.rules;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Command.AddMembers;
import chat.milena.conversation.command.Command.Block;
import chat.milena.conversation.command.Command.ChangeRole;
import chat.milena.conversation.command.Command.CreateConversation;
import chat.milena.conversation.command.Command.Decide;
import chat.milena.conversation.command.Command.DeleteMessage;
import chat.milena.conversation.command.Command.EditMessage;
import chat.milena.conversation.command.Command.Flag;
import chat.milena.conversation.command.Command.FollowThread;
import chat.milena.conversation.command.Command.Keep;
import chat.milena.conversation.command.Command.MarkReceipt;
import chat.milena.conversation.command.Command.Mute;
import chat.milena.conversation.command.Command.PinMessage;
import chat.milena.conversation.command.Command.ReactToMessage;
import chat.milena.conversation.command.Command.ReadThread;
import chat.milena.conversation.command.Command.RemoveMember;
import chat.milena.conversation.command.Command.Report;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.command.Command.Update;
import chat.milena.conversation.state.ConversationEvent;
import chat.milena.conversation.state.ConversationEvent.MessageDeleted;
import chat.milena.conversation.state.ConversationEvent.MessageEdited;
import chat.milena.conversation.state.ConversationEvent.MessagePinned;
import chat.milena.conversation.state.ConversationEvent.MessageReleased;
import chat.milena.conversation.state.ConversationEvent.MessageSent;
import chat.milena.conversation.state.ConversationEvent.ReactionChanged;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.EmojiUse;
import chat.milena.conversation.state.EventTime;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.MessageAnnotations.PinnedMessage;
import chat.milena.conversation.state.NumberedEvent;
import chat.milena.conversation.state.Position;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.DecideMessage;
import chat.milena.schemas.avro.FlagMessage;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.word.ActorKind;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.DecisionAction;
import chat.milena.schemas.word.ReportReason;
import chat.milena.schemas.word.Role;
import chat.milena.schemas.word.RuleAction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
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

    private static List<Changes> checkAll(long seed) {
        Random random = new Random(seed);
        World world = new World(seed);
        List<Changes> decisions = new ArrayList<>();
        Instant clock = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < COMMANDS; i++) {
            clock = clock.plusMillis(random.nextInt(-50, 100));
            String conversation = "c" + random.nextInt(CONVERSATIONS);
            Command command = anyCommand(random);
            Changes changes = world.apply(conversation, command, clock);
            world.applyAgain(conversation, command, changes, clock);
            decisions.add(changes);
        }
        world.checkLogs();
        world.checkAnnotations();
        return decisions;
    }

    private static Command anyCommand(Random random) {
        String user = anyUser(random);
        return switch (random.nextInt(20)) {
            case 0 ->
                new CreateConversation(
                        Actor.member(user),
                        random.nextInt(4) == 0 ? ConversationType.DIRECT : ConversationType.GROUP,
                        null,
                        new ConversationSettings(random.nextInt(4) == 0, random.nextBoolean(), true, false, 0, false),
                        someUsers(random),
                        random.nextBoolean());
            case 1 -> new AddMembers(Actor.member(user), someUsers(random), random.nextBoolean(), someUsers(random));
            case 2 -> new RemoveMember(Actor.member(user), anyUser(random));
            case 3 ->
                new ChangeRole(Actor.member(user), anyUser(random), random.nextBoolean() ? Role.ADMIN : Role.MEMBER);
            case 4 ->
                new Update(
                        Actor.member(user),
                        new UpdateConversation(
                                "n" + random.nextInt(3),
                                null,
                                null,
                                null,
                                null,
                                random.nextInt(3) == 0 ? "" : "https://a.test/" + random.nextInt(2),
                                null,
                                null,
                                random.nextInt(3) == 0 ? random.nextBoolean() : null));
            case 5, 6 ->
                new EditMessage(
                        Actor.member(user),
                        "m" + random.nextInt(60),
                        new Content("text", "v" + random.nextInt(3), null, null, null),
                        random.nextInt(4) == 0 ? (long) random.nextInt(3) : null);
            case 7 ->
                new DeleteMessage(
                        new Actor(user, random.nextInt(4) == 0 ? ActorKind.MODERATOR : ActorKind.MEMBER),
                        "m" + random.nextInt(60),
                        null);
            case 8, 9, 10 ->
                new ReactToMessage(
                        Actor.member(user), "m" + random.nextInt(20), "e" + random.nextInt(3), random.nextInt(3) == 0);
            case 11 -> new PinMessage(Actor.member(user), "m" + random.nextInt(20), random.nextInt(3) == 0);
            case 12 -> {
                DecisionAction action = anyOf(random, List.of(DecisionAction.values()));
                DecideMessage decision = new DecideMessage(
                        "m" + random.nextInt(60),
                        action.word(),
                        null,
                        false,
                        null,
                        null,
                        random.nextInt(3) == 0 ? null : (long) random.nextInt(3));
                yield new Decide(new Actor(user, ActorKind.MODERATOR), action, decision);
            }
            case 13 -> {
                RuleAction action = anyOf(random, List.of(RuleAction.values()));
                yield new Flag(
                        new Actor("moderation", ActorKind.MODERATION),
                        action,
                        new FlagMessage(
                                "m" + random.nextInt(60),
                                (long) random.nextInt(2),
                                "rule",
                                1L,
                                action.word(),
                                null,
                                null));
            }
            case 14 -> new Report(Actor.member(user), "m" + random.nextInt(60), ReportReason.SPAM, null, null);
            default -> {
                Content content = new Content("text", "x", null, null, null);
                yield new SendMessage(
                        Actor.member(user), new Message("m" + random.nextInt(60), content, null, null, null));
            }
        };
    }

    private static <T> T anyOf(Random random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
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
        private final ConversationRules rules =
                new ConversationRules(MEMBERS_MAX, 3, 2, Duration.ofDays(30), Duration.ZERO);
        private final long seed;
        private final Map<String, ConversationState> states = new HashMap<>();
        private final Map<String, FakeLookups> lookups = new HashMap<>();
        private final Map<String, List<NumberedEvent>> logs = new HashMap<>();
        private final Map<String, String> actors = new HashMap<>();

        World(long seed) {
            this.seed = seed;
        }

        /// Every command that was accepted may be sent again: it is answered the same, and changes nothing.
        void applyAgain(String conversation, Command command, Changes done, Instant now) {
            if (!(done.answer() instanceof Accepted accepted) || messageId(command) == null) {
                return;
            }
            Changes again = rules.decide(
                    Objects.requireNonNull(states.get(conversation)),
                    command,
                    Objects.requireNonNull(lookups.get(conversation)),
                    now);
            assertThat(again)
                    .as("seed %d", seed)
                    .isEqualTo(Changes.none(new Duplicate(
                            accepted.sequenceNumber(),
                            accepted.timestamp(),
                            accepted.revision(),
                            null,
                            accepted.held())));
        }

        Changes apply(String conversation, Command command, Instant now) {
            ConversationState before = states.getOrDefault(conversation, new Absent());
            FakeLookups known = lookups.computeIfAbsent(conversation, none -> FakeLookups.none());
            FirstSend first = messageId(command) == null ? null : known.messages.get(messageId(command));
            Set<String> left = Set.copyOf(known.left);
            Changes changes = rules.decide(before, command, known, now);
            switch (changes.answer()) {
                case Accepted accepted
                when isOfModeration(command) -> {
                    assertThat(changes.events()).as("seed %d", seed).hasSizeLessThanOrEqualTo(1);
                    if (!changes.events().isEmpty()) {
                        Open next = Objects.requireNonNull(changes.next());
                        assertThat(next.members())
                                .as("seed %d", seed)
                                .isEqualTo(withReleased(
                                        (Open) before,
                                        changes.events().getFirst().event()));
                        take(conversation, next, changes, command.shownAs().userId());
                    }
                    keep(changes, known);
                }
                case Accepted accepted -> {
                    Open next = Objects.requireNonNull(changes.next());
                    Position position = changes.events().getFirst().position();
                    assertThat(new EventTime(accepted.sequenceNumber(), Objects.requireNonNull(accepted.timestamp())))
                            .as("seed %d", seed)
                            .isEqualTo(new EventTime(position.sequenceNumber(), position.timestamp()));
                    checkAllowed(before, command, changes, first, left);
                    take(conversation, next, changes, command.userId());
                    keep(changes, known);
                }
                case Duplicate duplicate -> {
                    assertThat(changes.list()).as("seed %d", seed).isEmpty();
                    if (!isOfModeration(command)) {
                        checkDuplicate(before, command, duplicate, first);
                    }
                }
                case Rejected rejected -> {
                    assertThat(changes).as("seed %d", seed).isEqualTo(Changes.none(rejected));
                    assertThat(rejected.reason()).isNotBlank();
                }
            }
            return changes;
        }

        private static boolean isOfModeration(Command command) {
            return command instanceof Report || command instanceof Flag || command instanceof Decide;
        }

        private void take(String conversation, Open next, Changes changes, String actorId) {
            states.put(conversation, next);
            changes.events()
                    .forEach(event -> actors.put(conversation + event.position().sequenceNumber(), actorId));
            logs.computeIfAbsent(conversation, none -> new ArrayList<>()).addAll(changes.events());
        }

        /// The message that a command is about; null if it is about none.
        private static @Nullable String messageId(Command command) {
            return switch (command) {
                case SendMessage send -> send.message().getMessageId();
                case EditMessage edit -> edit.messageId();
                case DeleteMessage delete -> delete.messageId();
                case ReactToMessage react -> react.messageId();
                case PinMessage pin -> pin.messageId();
                default -> null;
            };
        }

        private static void keep(Changes changes, FakeLookups known) {
            changes.list().forEach(known::keep);
        }

        /// Only a member changes anything, only an admin the group, and a group with members has an admin.
        private void checkAllowed(
                ConversationState before,
                Command command,
                Changes changes,
                @Nullable FirstSend first,
                Set<String> left) {
            Open next = Objects.requireNonNull(changes.next());
            assertThat(next.position()).isEqualTo(changes.events().getLast().position());
            assertThat(next.members()).as("seed %d", seed).hasSizeLessThanOrEqualTo(MEMBERS_MAX);
            if (command instanceof CreateConversation) {
                assertThat(before).as("seed %d", seed).isInstanceOf(Absent.class);
                assertThat(next.members()).as("seed %d", seed).containsKey(command.userId());
                return;
            }
            Open open = (Open) before;
            Membership actor = open.members().get(command.userId());
            if ((command instanceof DeleteMessage || command instanceof Decide || command instanceof Flag)
                    && command.actor().moderates()) {
                assertThat(next.members()).as("seed %d", seed).isEqualTo(open.members());
                return;
            }
            Objects.requireNonNull(actor, () -> "an outsider had an effect; seed " + seed);
            boolean group = open.properties().type() == ConversationType.GROUP;
            boolean allowed = switch (command) {
                case SendMessage send ->
                    first == null
                            && next.members().equals(isHeld(changes) ? open.members() : withJoined(open, actor))
                            && (actor.isAdmin() || !open.properties().settings().getOnlyAdminsCanPost());
                case FollowThread follow -> next.members().equals(open.members());
                case ReadThread read -> next.members().equals(open.members());
                case EditMessage edit ->
                    first != null
                            && first.senderId().equals(actor.userId())
                            && next.members().equals(open.members());
                case DeleteMessage delete ->
                    first != null && (first.senderId().equals(actor.userId()) || (group && actor.isAdmin()));
                case ReactToMessage react -> first != null && next.members().equals(withJoined(open, actor));
                case PinMessage pin -> first != null && (!group || actor.isAdmin());
                case AddMembers add ->
                    group
                            && (actor.isAdmin() || open.properties().settings().getAllowMemberInvites())
                            && next.members()
                                    .keySet()
                                    .containsAll(open.members().keySet())
                            && changes.events().stream()
                                    .flatMap(event -> event.event().memberships().added().stream())
                                    .map(Membership::userId)
                                    .filter(left::contains)
                                    .allMatch(add.contactIds()::contains);
                case RemoveMember remove ->
                    group && (actor.isAdmin() || remove.memberId().equals(actor.userId()));
                case ChangeRole role -> group && actor.isAdmin();
                case Update update -> group && actor.isAdmin();
                case CreateConversation create -> false;
                case Block block -> false;
                case Report report -> false;
                case Flag flag -> false;
                case Decide decide -> false;
                case MarkReceipt mark -> false;
                case Keep keep -> false;
                case Mute mute -> false;
            };
            assertThat(allowed).as("seed %d: %s by %s", seed, command, actor).isTrue();
            if (group && !next.members().isEmpty()) {
                assertThat(next.members().values()).as("seed %d: admins", seed).anyMatch(Membership::isAdmin);
            }
        }

        private static boolean isHeld(Changes changes) {
            return changes.answer() instanceof Accepted accepted && accepted.held();
        }

        /// Its sender has joined in with its release, if they have been a member since they sent it.
        private static Map<String, Membership> withReleased(Open open, ConversationEvent event) {
            Membership sender = event instanceof MessageReleased released
                    ? open.members().get(released.message().senderId())
                    : null;
            return sender == null
                            || sender.joinedSequence()
                                    > ((MessageReleased) event).message().sequenceNumber()
                    ? open.members()
                    : withJoined(open, sender);
        }

        /// A message joins its sender in, and changes nobody else.
        private static Map<String, Membership> withJoined(Open open, Membership sender) {
            Map<String, Membership> members = new HashMap<>(open.members());
            members.put(sender.userId(), sender.toAccepted());
            return members;
        }

        private void checkDuplicate(
                ConversationState before, Command command, Duplicate duplicate, @Nullable FirstSend first) {
            if (command.actor().moderates()) {
                return;
            }
            assertThat(before).as("seed %d", seed).isInstanceOf(Open.class);
            if (!(command instanceof SendMessage)) {
                assertThat(((Open) before).members()).as("seed %d", seed).containsKey(command.userId());
            } else {
                Objects.requireNonNull(first, "a duplicate without a first send");
                assertThat(duplicate)
                        .as("seed %d", seed)
                        .isEqualTo(
                                new Duplicate(first.sequenceNumber(), first.timestamp(), null, null, first.isHeld()));
                assertThat(first.senderId()).as("seed %d", seed).isEqualTo(command.userId());
            }
        }

        /// What is kept of reactions and pins is what the log says, each counted from its beginning.
        void checkAnnotations() {
            logs.forEach((conversation, log) -> {
                FakeLookups known = Objects.requireNonNull(lookups.get(conversation));
                Map<Long, Map<String, List<String>>> reactions = new HashMap<>();
                List<Long> pins = new ArrayList<>();
                for (NumberedEvent numbered : log) {
                    switch (numbered.event()) {
                        case ReactionChanged changed -> {
                            List<String> users = reactions
                                    .computeIfAbsent(changed.target().sequenceNumber(), none -> new HashMap<>())
                                    .computeIfAbsent(changed.emoji(), none -> new ArrayList<>());
                            String actor = actors.get(
                                    conversation + numbered.position().sequenceNumber());
                            assertThat(changed.removed() ? users.remove(actor) : users.add(actor))
                                    .isTrue();
                            assertThat(changed.count()).as("seed %d", seed).isEqualTo(users.size());
                        }
                        case MessagePinned pinned ->
                            assertThat(
                                            pinned.removed()
                                                    ? pins.remove(pinned.targetSequence())
                                                    : pins.add(pinned.targetSequence()))
                                    .isTrue();
                        case MessageDeleted deleted -> {
                            reactions.remove(deleted.targetSequence());
                            pins.remove(deleted.targetSequence());
                        }
                        default -> {}
                    }
                }
                assertThat(known.pins)
                        .as("seed %d", seed)
                        .extracting(PinnedMessage::sequenceNumber)
                        .isEqualTo(pins);
                known.messages.values().forEach(message -> checkEmojis(message, reactions));
            });
        }

        private void checkEmojis(FirstSend message, Map<Long, Map<String, List<String>>> reactions) {
            Map<String, List<String>> expected = reactions.getOrDefault(message.sequenceNumber(), Map.of());
            Map<String, List<String>> kept = new HashMap<>();
            for (EmojiUse use :
                    Objects.requireNonNull(message.state()).annotations().emojis()) {
                kept.put(use.emoji(), use.userIds());
                assertThat(use.count())
                        .as("seed %d", seed)
                        .isEqualTo(use.userIds().size());
            }
            assertThat(kept).as("seed %d", seed).isEqualTo(expected);
        }

        private static boolean holds(ConversationEvent event) {
            return (event instanceof MessageSent sent && sent.hold() != null)
                    || (event instanceof MessageEdited edited && edited.hold() != null);
        }

        void checkLogs() {
            logs.forEach((conversation, log) -> {
                long ordinal = 0;
                long deleted = 0;
                long held = 0;
                Set<String> shown = new HashSet<>();
                Instant last = Instant.MIN;
                for (int i = 0; i < log.size(); i++) {
                    Position position = log.get(i).position();
                    ordinal += log.get(i).event() instanceof MessageSent ? 1 : 0;
                    assertThat(position.sequenceNumber()).as("seed %d", seed).isEqualTo(i + 1);
                    assertThat(position.messageOrdinal()).as("seed %d", seed).isEqualTo(ordinal);
                    deleted += log.get(i).event() instanceof MessageDeleted ? 1 : 0;
                    assertThat(position.deletedOrdinal()).as("seed %d", seed).isEqualTo(deleted);
                    held += holds(log.get(i).event()) ? 1 : 0;
                    assertThat(position.heldOrdinal()).as("seed %d", seed).isEqualTo(held);
                    switch (log.get(i).event()) {
                        case MessageSent sent
                        when sent.hold() == null -> shown.add(sent.message().getMessageId());
                        case MessageReleased released -> shown.add(released.messageId());
                        default -> {}
                    }
                    assertThat(position.shownOrdinal()).as("seed %d", seed).isEqualTo(shown.size());
                    assertThat(position.timestamp()).as("seed %d", seed).isAfterOrEqualTo(last);
                    last = position.timestamp();
                }
            });
        }
    }
}
