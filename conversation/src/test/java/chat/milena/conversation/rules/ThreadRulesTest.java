package chat.milena.conversation.rules;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Answer.Replied;
import chat.milena.conversation.command.Change;
import chat.milena.conversation.command.Change.FollowChanged;
import chat.milena.conversation.command.Change.FollowEnded;
import chat.milena.conversation.command.Change.FollowShown;
import chat.milena.conversation.command.Change.Listed;
import chat.milena.conversation.command.Change.MessageIndexed;
import chat.milena.conversation.command.Change.MessageOverwritten;
import chat.milena.conversation.command.Change.ThreadGrown;
import chat.milena.conversation.command.Change.Unlisted;
import chat.milena.conversation.command.Change.WatermarksMoved;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Command.AddMembers;
import chat.milena.conversation.command.Command.CreateConversation;
import chat.milena.conversation.command.Command.DeleteMessage;
import chat.milena.conversation.command.Command.EditMessage;
import chat.milena.conversation.command.Command.FollowThread;
import chat.milena.conversation.command.Command.ReadThread;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.command.Command.Update;
import chat.milena.conversation.command.Recipients;
import chat.milena.conversation.state.ConversationEvent.MessageSent;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Follow;
import chat.milena.conversation.state.ThreadState;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageReference;
import chat.milena.schemas.avro.ThreadPlace;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Replies in threads, in a group in which alice is admin, bob wrote m1 with number 2, and newcomers read
/// nothing of the past.
class ThreadRulesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration RETENTION = Duration.ofDays(30);

    private final ConversationRules rules = new ConversationRules(10, 10, 9, RETENTION, Duration.ZERO);
    private final FakeLookups lookups = FakeLookups.none();
    private ConversationState state = new Absent();
    private Instant now = NOON;

    @BeforeEach
    void begin() {
        ConversationSettings settings = new ConversationSettings(false, false, false, false, 0, false);
        List<String> others = List.of("bob", "carol");
        decide(new CreateConversation(Actor.member("alice"), ConversationType.GROUP, null, settings, others, true));
        decide(send("bob", "m1", null));
    }

    @Test
    void repliesHaveOrdinalsOfTheirOwn() {
        assertThat(decide(reply("carol", "r1", "m1", false)).answer())
                .isEqualTo(
                        new Accepted(3, NOON, null, new Replied(1, new ThreadState(1, NOON, List.of("carol"))), false));
        decide(send("bob", "m2", null));
        now = NOON.plusSeconds(5);

        Changes second = decide(reply("alice", "r2", "m1", true));

        assertThat(second.answer())
                .isEqualTo(new Accepted(
                        5, now, null, new Replied(2, new ThreadState(2, now, List.of("alice", "carol"))), false));
        assertThat(sent(second).getThread()).isEqualTo(new ThreadPlace(new MessageReference("m1", 2L), 2L, true));
    }

    @Test
    void hiddenReplyIsNoMessageOfTheConversation() {
        Changes hidden = decide(reply("carol", "r1", "m1", false));
        Changes shown = decide(reply("carol", "r2", "m1", true));

        assertThat(hidden.events().getFirst().position().messageOrdinal()).isEqualTo(1);
        assertThat(hidden.list()).doesNotHaveAnyElementsOfTypes(WatermarksMoved.class);
        assertThat(shown.events().getFirst().position().messageOrdinal()).isEqualTo(2);
        assertThat(shown.list()).hasAtLeastOneElementOfType(WatermarksMoved.class);
    }

    @Test
    void replyBeginsNoThread() {
        decide(reply("carol", "r1", "m1", true));

        assertCode(decide(reply("alice", "r2", "r1", false)), ErrorCode.INVALID_MESSAGE);
    }

    @Test
    void whatIsUnknownDeletedOrExpiredTakesNoReply() {
        decide(new SendMessage(Actor.member("bob"), message("brief", NOON.plusSeconds(60), null)));
        decide(new DeleteMessage(Actor.member("bob"), "m1", null));
        now = NOON.plusSeconds(60);

        for (String rootId : List.of("none", "r1", "brief", "m1")) {
            assertCode(decide(reply("bob", "r1", rootId, false)), ErrorCode.MESSAGE_NOT_FOUND);
        }
    }

    @Test
    void newcomerRepliesToNothingOfThePast() {
        decide(new AddMembers(Actor.member("alice"), List.of("dave"), false, List.of()));

        assertCode(decide(reply("dave", "r1", "m1", false)), ErrorCode.MESSAGE_NOT_FOUND);
    }

    @Test
    void resentReplyKeepsItsOrdinalAndIsShownTheThreadAsItIsNow() {
        decide(reply("carol", "r1", "m1", false));
        decide(reply("bob", "r2", "m1", false));
        decide(new DeleteMessage(Actor.member("bob"), "m1", null));

        assertThat(decide(reply("carol", "r1", "m1", false)).answer())
                .isEqualTo(new Duplicate(
                        3, NOON, null, new Replied(1, new ThreadState(2, NOON, List.of("bob", "carol"))), false));
    }

    @Test
    void deletedReplyKeepsItsOrdinal() {
        decide(reply("carol", "r1", "m1", false));

        Changes deletion = decide(new DeleteMessage(Actor.member("carol"), "r1", null));

        assertThat(deletion.list())
                .filteredOn(Listed.class::isInstance)
                .singleElement()
                .satisfies(change -> {
                    Listed listed = (Listed) change;
                    assertThat(listed.list()).isEqualTo("m1");
                    assertThat(listed.number()).isEqualTo(1);
                });
        assertThat(decide(reply("carol", "r2", "m1", false)).answer())
                .isInstanceOfSatisfying(
                        Accepted.class,
                        accepted -> assertThat(
                                        Objects.requireNonNull(accepted.reply()).ordinal())
                                .isEqualTo(2));
    }

    @Test
    void participantsAreTheLatestFive() {
        List<String> users = List.of("u1", "u2", "u3", "u4", "u5");
        decide(new AddMembers(Actor.member("alice"), users, true, List.of()));
        decide(send("u1", "m2", null));
        for (String userId : List.of("alice", "u1", "u2", "u3", "u4", "u5", "u3")) {
            decide(reply(userId, "r-" + userId + now.toEpochMilli(), "m2", false));
            now = now.plusMillis(1);
        }

        assertThat(Objects.requireNonNull(
                                Objects.requireNonNull(lookups.message("m2")).state())
                        .thread())
                .isEqualTo(new ThreadState(7, now.minusMillis(1), List.of("u3", "u5", "u4", "u2", "u1")));
    }

    @Test
    void senderOfTheMessageFollowsFromTheBeginningAndWritersHaveReadTheirOwn() {
        assertThat(follows(decide(reply("carol", "r1", "m1", false))))
                .containsExactly(new Follow("carol", "m1", 2, 1), new Follow("bob", "m1", 2, 0));
        assertThat(follows(decide(reply("alice", "r2", "m1", false)))).containsExactly(new Follow("alice", "m1", 2, 2));
        assertThat(follows(decide(reply("carol", "r3", "m1", false)))).containsExactly(new Follow("carol", "m1", 2, 3));
    }

    @Test
    void mentionedPeopleFollowFromTheReplyOnUnlessTheyDoAlready() {
        decide(reply("bob", "r1", "m1", false));
        SendMessage naming = reply("bob", "r2", "m1", false);
        naming.message().getContent().setMentions(new Mentions(List.of("carol", "eve", "bob"), false));

        assertThat(follows(decide(naming)))
                .containsExactly(new Follow("bob", "m1", 2, 2), new Follow("carol", "m1", 2, 1));
        SendMessage again = reply("alice", "r3", "m1", false);
        again.message().getContent().setMentions(new Mentions(List.of("carol"), false));
        assertThat(follows(decide(again))).containsExactly(new Follow("alice", "m1", 2, 3));
    }

    @Test
    void whomAnEditMentionsFollowsFromThatReplyOn() {
        decide(reply("bob", "r1", "m1", false));
        decide(reply("bob", "r2", "m1", false));
        decide(reply("bob", "r3", "m1", false));

        assertThat(follows(decide(edit("bob", "r2", new Mentions(List.of("bob", "carol", "eve"), false)))))
                .containsExactly(new Follow("carol", "m1", 2, 1));
        lookups.follows.remove("m1 carol");
        assertThat(follows(decide(edit("bob", "r2", new Mentions(List.of("carol", "alice"), false)))))
                .as("only who is mentioned now and was not before")
                .containsExactly(new Follow("alice", "m1", 2, 1));
        assertThat(follows(decide(edit("bob", "r3", new Mentions(List.of(), true)))))
                .isEmpty();
        assertThat(follows(decide(edit("bob", "m1", new Mentions(List.of("carol"), false)))))
                .as("not in a thread")
                .isEmpty();
    }

    private static EditMessage edit(String userId, String messageId, Mentions mentions) {
        Content content = new Content("text", "edited", null, null, mentions);
        return new EditMessage(Actor.member(userId), messageId, content, null);
    }

    @Test
    void whoMayNotReadTheMessageDoesNotFollow() {
        decide(new AddMembers(Actor.member("alice"), List.of("dave"), false, List.of()));
        SendMessage naming = reply("bob", "r1", "m1", false);
        naming.message().getContent().setMentions(new Mentions(List.of("dave"), false));

        assertThat(follows(decide(naming))).containsExactly(new Follow("bob", "m1", 2, 1));
        assertCode(decide(new FollowThread(Actor.member("dave"), "m1", false)), ErrorCode.MESSAGE_NOT_FOUND);
        assertCode(decide(new ReadThread(Actor.member("dave"), "m1", 1)), ErrorCode.MESSAGE_NOT_FOUND);
    }

    @Test
    void laterFollowersCountFromThenOnAndMayEndIt() {
        decide(reply("bob", "r1", "m1", false));

        Changes follow = decide(new FollowThread(Actor.member("carol"), "m1", false));
        assertThat(follows(follow)).containsExactly(new Follow("carol", "m1", 2, 1));
        assertThat(follow.answer()).isInstanceOf(Accepted.class);
        assertThat(decide(new FollowThread(Actor.member("carol"), "m1", false)).answer())
                .isInstanceOf(Duplicate.class);
        assertThat(decide(new FollowThread(Actor.member("carol"), "m1", true)).list())
                .hasAtLeastOneElementOfType(FollowEnded.class);
        assertThat(decide(new FollowThread(Actor.member("carol"), "m1", true)).answer())
                .isInstanceOf(Duplicate.class);
    }

    @Test
    void readMarksOfAThreadGoForwardAndNeverBeyondTheEnd() {
        decide(reply("carol", "r1", "m1", false));
        decide(reply("carol", "r2", "m1", false));

        assertThat(follows(decide(new ReadThread(Actor.member("bob"), "m1", 9))))
                .containsExactly(new Follow("bob", "m1", 2, 2));
        assertThat(decide(new ReadThread(Actor.member("bob"), "m1", 1)).answer())
                .isInstanceOf(Duplicate.class);
        assertThat(follows(decide(new ReadThread(Actor.member("alice"), "m1", 1))))
                .isEmpty();
        assertCode(decide(new ReadThread(Actor.member("bob"), "none", 1)), ErrorCode.MESSAGE_NOT_FOUND);
        Changes followed = decide(new FollowThread(Actor.member("bob"), "r1", false));
        assertCode(followed, ErrorCode.INVALID_MESSAGE);
        assertThat(followed.answer())
                .hasToString(new Rejected(ErrorCode.INVALID_MESSAGE, "messageId: a reply in a thread begins no thread")
                        .toString());
    }

    @Test
    void messageWithoutRepliesIsReadUpToNone() {
        for (long upTo : List.of(0L, 7L)) {
            Changes read = decide(new ReadThread(Actor.member("carol"), "m1", upTo));

            assertThat(read.answer()).isInstanceOf(Duplicate.class);
            assertThat(read.list())
                    .containsExactly(new FollowShown(new Follow("carol", "m1", 2, 0), false, Recipients.NOBODY));
        }
        assertCode(decide(new ReadThread(Actor.member("carol"), "m9", 0)), ErrorCode.MESSAGE_NOT_FOUND);
        decide(reply("carol", "r1", "m1", false));
        assertCode(decide(new ReadThread(Actor.member("bob"), "r1", 0)), ErrorCode.INVALID_MESSAGE);
    }

    private static List<Follow> follows(Changes changes) {
        return changes.list().stream()
                .filter(FollowChanged.class::isInstance)
                .map(change -> ((FollowChanged) change).next())
                .toList();
    }

    private static SendMessage reply(String userId, String messageId, String rootId, boolean shown) {
        Message message = message(messageId, null, null);
        message.setThread(new ThreadPlace(new MessageReference(rootId, 0L), 0L, shown));
        return new SendMessage(Actor.member(userId), message);
    }

    private Changes decide(Command command) {
        Changes changes = rules.decide(state, command, lookups, now);
        if (changes.next() != null) {
            state = changes.next();
        }
        for (Change change : changes.list()) {
            if (change instanceof MessageIndexed(String messageId, FirstSend first)) {
                lookups.with(messageId, first);
            } else if (change instanceof MessageOverwritten overwritten) {
                lookups.with(overwritten.messageId(), overwritten.message());
            } else if (change instanceof FollowChanged(Follow next)) {
                lookups.with(next);
            } else if (change instanceof FollowEnded(Follow last)) {
                lookups.follows.remove(last.rootId() + " " + last.userId());
            } else if (change instanceof ThreadGrown grown) {
                lookups.with(grown.rootId(), grown.root());
            }
        }
        return changes;
    }

    private static Message sent(Changes changes) {
        return ((MessageSent) changes.events().getFirst().event()).message();
    }

    private static SendMessage send(String userId, String messageId, @Nullable String replyTo) {
        return new SendMessage(Actor.member(userId), message(messageId, null, replyTo));
    }

    private static Message message(String messageId, @Nullable Instant expiresAt, @Nullable String replyTo) {
        Content content = new Content("text", messageId, null, null, null);
        return new Message(
                messageId, content, expiresAt, replyTo == null ? null : new MessageReference(replyTo, 0L), null);
    }

    private static void assertCode(Changes changes, ErrorCode code) {
        assertThat(changes.answer())
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.code()).isEqualTo(code));
        assertThat(changes.list()).isEmpty();
    }
}
