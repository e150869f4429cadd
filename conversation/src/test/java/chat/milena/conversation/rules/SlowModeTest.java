package chat.milena.conversation.rules;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Detail.TooSoon;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Command.ChangeRole;
import chat.milena.conversation.command.Command.CreateConversation;
import chat.milena.conversation.command.Command.EditMessage;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.command.Command.Update;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageReference;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// A group of the admin alice, bob and carol, with a pause of ten seconds.
class SlowModeTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final int SECONDS = 10;

    private final ConversationRules rules = new ConversationRules(10, 10, 10, Duration.ofDays(30), Duration.ofDays(30));
    private final FakeLookups lookups = FakeLookups.none();
    private ConversationState state = new Absent();
    private Instant now = NOON;

    @BeforeEach
    void begin() {
        ConversationSettings settings = new ConversationSettings(false, false, true, false, SECONDS, false);
        List<String> others = List.of("bob", "carol");
        decide(new CreateConversation(Actor.member("alice"), ConversationType.GROUP, null, settings, others, true));
    }

    @Test
    void nextMessageIsAcceptedWhenThePauseIsOverToTheMillisecond() {
        assertThat(send("bob", "m1")).isInstanceOf(Accepted.class);
        now = NOON.plusMillis(1);
        assertThat(send("bob", "m2")).isEqualTo(tooSoon(10));
        now = NOON.plusMillis(9_000);
        assertThat(send("bob", "m2")).isEqualTo(tooSoon(1));
        now = NOON.plusMillis(9_999);
        assertThat(send("bob", "m2")).isEqualTo(tooSoon(1));
        now = NOON.plusMillis(10_000);
        assertThat(send("bob", "m2")).isInstanceOf(Accepted.class);
        assertThat(send("carol", "m3")).as("another member").isInstanceOf(Accepted.class);
    }

    @Test
    void resendsEditsAndAdminsAreNotSlowed() {
        send("bob", "m1");

        assertThat(send("bob", "m1")).isInstanceOf(Duplicate.class);
        assertThat(decide(new EditMessage(Actor.member("bob"), "m1", content("edited"), null))
                        .answer())
                .isInstanceOf(Accepted.class);
        assertThat(send("alice", "m2")).isInstanceOf(Accepted.class);
        assertThat(send("alice", "m3")).isInstanceOf(Accepted.class);
        assertThat(lookups.sends).containsOnlyKeys("bob");
    }

    @Test
    void rejectedMessageDoesNotCount() {
        assertThat(decide(new SendMessage(Actor.member("bob"), message("m1", "unknown")))
                        .answer())
                .isInstanceOf(Rejected.class);
        assertThat(send("bob", "m1")).isInstanceOf(Accepted.class);
        now = NOON.plusSeconds(9);
        send("bob", "m2");
        now = NOON.plusSeconds(10);
        assertThat(send("bob", "m2")).isInstanceOf(Accepted.class);
    }

    @Test
    void groupWithoutSlowModeLooksNothingUpAndSavesNothing() {
        setSeconds(0);
        lookups.lookedUp.clear();

        send("bob", "m1");
        send("bob", "m2");

        assertThat(lookups.lookedUp).containsExactly("m1", "m2");
        assertThat(lookups.sends).isEmpty();
    }

    @Test
    void settingOfTheMomentHolds() {
        send("bob", "m1");
        setSeconds(60);
        now = NOON.plusSeconds(10);
        assertThat(send("bob", "m2")).isEqualTo(tooSoon(50));
        setSeconds(10);
        assertThat(send("bob", "m2")).isInstanceOf(Accepted.class);
    }

    @Test
    void newAdminIsNotSlowed() {
        send("bob", "m1");
        decide(new ChangeRole(Actor.member("alice"), "bob", Role.ADMIN));

        assertThat(send("bob", "m2")).isInstanceOf(Accepted.class);
    }

    /// Against a model, while the clock also steps back.
    @RepeatedTest(20)
    void acceptedMessagesOfAMemberAreAPauseApart() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<String, Instant> accepted = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            now = now.plusMillis(random.nextInt(6_000) - 1_000L);
            String userId = random.nextBoolean() ? "bob" : "carol";
            Instant last = accepted.get(userId);

            Answer answer = send(userId, "m" + i);

            switch (answer) {
                case Accepted(var number, Instant at, var revision, var reply, var held) -> {
                    assertThat(last == null || !at.isBefore(last.plusSeconds(SECONDS)))
                            .as("seed %d, message %d", seed, i)
                            .isTrue();
                    accepted.put(userId, at);
                }
                case Rejected rejected ->
                    assertThat(rejected.detail())
                            .as("seed %d, message %d", seed, i)
                            .isInstanceOfSatisfying(
                                    TooSoon.class,
                                    soon -> assertThat(soon.seconds()).isBetween(1L, (long) SECONDS));
                case Duplicate duplicate -> throw new AssertionError("sent once");
            }
        }
        assertThat(accepted).hasSize(2);
    }

    private void setSeconds(int seconds) {
        UpdateConversation update = new UpdateConversation();
        update.setSlowModeSeconds(seconds);
        assertThat(decide(new Update(Actor.member("alice"), update)).answer()).isInstanceOf(Accepted.class);
    }

    private static Rejected tooSoon(long seconds) {
        return new Rejected(
                ErrorCode.RATE_LIMITED, "this group has slow mode", new TooSoon("slowModeSeconds", seconds));
    }

    private Answer send(String userId, String messageId) {
        return decide(new SendMessage(Actor.member(userId), message(messageId, null)))
                .answer();
    }

    private static Message message(String messageId, @Nullable String replyTo) {
        MessageReference quoted = replyTo == null ? null : new MessageReference(replyTo, 0L);
        return new Message(messageId, content(messageId), null, quoted, null);
    }

    private static Content content(String text) {
        return new Content("text", text, null, null, null);
    }

    private Changes decide(Command command) {
        Changes changes = rules.decide(state, command, lookups, now);
        if (changes.next() != null) {
            state = changes.next();
        }
        changes.list().forEach(lookups::keep);
        return changes;
    }
}
