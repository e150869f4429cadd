package chat.milena.topology.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.word.ConversationType;
import chat.milena.topology.conversation.Command.CreateConversation;
import chat.milena.topology.conversation.Command.SendMessage;
import chat.milena.topology.conversation.ConversationEvent.ConversationCreated;
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
        String user = USERS.get(random.nextInt(USERS.size()));
        if (random.nextInt(10) == 0) {
            List<String> others = new ArrayList<>(USERS);
            Collections.shuffle(others, random);
            return new CreateConversation(
                    user,
                    random.nextBoolean() ? ConversationType.DIRECT : ConversationType.GROUP,
                    null,
                    new ConversationSettings(random.nextInt(4) == 0, false),
                    others.subList(0, random.nextInt(4)));
        }
        String messageId = "m" + random.nextInt(60);
        return new SendMessage(user, new Message(messageId, new Content("text", "x", null, null), null));
    }

    /// What a shell would keep, and what the checks need to have seen.
    private static final class World {
        private final ConversationRules rules = new ConversationRules(4);
        private final long seed;
        private final Map<String, ConversationState> states = new HashMap<>();
        private final Map<String, FirstSend> index = new HashMap<>();
        private final Map<String, List<Accepted>> logs = new HashMap<>();

        World(long seed) {
            this.seed = seed;
        }

        Decision apply(String conversation, Command command, Instant now) {
            ConversationState before = states.getOrDefault(conversation, new Absent());
            String messageKey = command instanceof SendMessage send
                    ? conversation + "/" + send.message().getMessageId()
                    : conversation;
            FirstSend first = index.get(messageKey);
            Decision decision = rules.decide(before, first, command, now);
            switch (decision) {
                case Accepted accepted -> {
                    checkAllowed(before, command, accepted, first);
                    states.put(conversation, accepted.next());
                    logs.computeIfAbsent(conversation, none -> new ArrayList<>())
                            .add(accepted);
                    if (accepted.event() instanceof MessageSent) {
                        Position position = accepted.next().position();
                        index.put(
                                messageKey,
                                new FirstSend(command.userId(), position.sequenceNumber(), position.timestamp()));
                    }
                }
                case Duplicate duplicate -> checkDuplicate(before, command, duplicate, first);
                case Rejected rejected -> assertThat(rejected.reason()).isNotBlank();
            }
            return decision;
        }

        private void checkAllowed(
                ConversationState before, Command command, Accepted accepted, @Nullable FirstSend first) {
            switch (accepted.event()) {
                case MessageSent sent -> {
                    Open open = (Open) before;
                    assertThat(open.members()).as("seed %d", seed).containsKey(command.userId());
                    assertThat(first).as("seed %d", seed).isNull();
                    assertThat(sent.message()).isEqualTo(((SendMessage) command).message());
                    assertThat(accepted.next().members()).isEqualTo(open.members());
                }
                case ConversationCreated created -> {
                    assertThat(before).as("seed %d", seed).isInstanceOf(Absent.class);
                    assertThat(created.members())
                            .as("seed %d", seed)
                            .extracting(Membership::userId)
                            .contains(command.userId())
                            .doesNotHaveDuplicates()
                            .hasSizeLessThanOrEqualTo(4);
                }
            }
        }

        private void checkDuplicate(
                ConversationState before, Command command, Duplicate duplicate, @Nullable FirstSend first) {
            if (command instanceof SendMessage) {
                Objects.requireNonNull(first, "a duplicate without a first send");
                assertThat(duplicate)
                        .as("seed %d", seed)
                        .isEqualTo(new Duplicate(first.sequenceNumber(), first.timestamp()));
                assertThat(first.senderId()).as("seed %d", seed).isEqualTo(command.userId());
            } else {
                assertThat(before).as("seed %d", seed).isInstanceOf(Open.class);
            }
        }

        void checkLogs() {
            logs.forEach((conversation, log) -> {
                long ordinal = 0;
                Instant last = Instant.MIN;
                for (int i = 0; i < log.size(); i++) {
                    Position position = log.get(i).next().position();
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
