package chat.milena.conversation.rules;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Change;
import chat.milena.conversation.command.Change.Listed;
import chat.milena.conversation.command.Change.MessageIndexed;
import chat.milena.conversation.command.Change.MessageOverwritten;
import chat.milena.conversation.command.Change.Unlisted;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Command.AddMembers;
import chat.milena.conversation.command.Command.CreateConversation;
import chat.milena.conversation.command.Command.DeleteMessage;
import chat.milena.conversation.command.Command.EditMessage;
import chat.milena.conversation.command.Command.RemoveMember;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.command.Command.Update;
import chat.milena.conversation.state.ConversationEvent.MessageSent;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.FirstSend;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageReference;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Messages that are about others, in a group in which alice is admin, bob wrote m1 with number 2, and newcomers read
/// nothing of the past.
class MessageRulesTest {
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
    void quoteCarriesTheNumberOfTheMessage() {
        Changes changes = decide(send("carol", "m2", "m1"));

        assertThat(changes.answer()).isEqualTo(new Accepted(3, NOON));
        assertThat(sent(changes).getReplyTo()).isEqualTo(new MessageReference("m1", 2L));
    }

    @Test
    void whatIsUnknownDeletedOrExpiredIsNotQuoted() {
        decide(new SendMessage(Actor.member("bob"), message("brief", NOON.plusSeconds(60), null)));
        decide(send("bob", "wrong", null));
        decide(new DeleteMessage(Actor.member("bob"), "wrong", null));
        now = NOON.plusSeconds(60);

        for (String messageId : List.of("none", "m2", "brief", "wrong")) {
            assertCode(decide(send("carol", "m2", messageId)), ErrorCode.MESSAGE_NOT_FOUND);
        }
        now = NOON.plus(RETENTION).plusMillis(1);
        assertCode(decide(send("carol", "m2", "m1")), ErrorCode.MESSAGE_NOT_FOUND);
    }

    @Test
    void resentQuoteOfAMessageThatWasDeletedSinceIsADuplicate() {
        decide(send("carol", "m2", "m1"));
        decide(new DeleteMessage(Actor.member("bob"), "m1", null));

        assertThat(decide(send("carol", "m2", "m1")).answer()).isEqualTo(new Duplicate(3, NOON));
    }

    @Test
    void newcomerQuotesNothingOfThePast() {
        decide(new AddMembers(Actor.member("alice"), List.of("dave"), false, List.of()));

        assertCode(decide(send("dave", "m2", "m1")), ErrorCode.MESSAGE_NOT_FOUND);
    }

    @Test
    void messageOfAnOlderReleaseIsQuoted() {
        lookups.with("old", new FirstSend("bob", 1, NOON));

        assertThat(sent(decide(send("carol", "m2", "old"))).getReplyTo()).isEqualTo(new MessageReference("old", 1L));
    }

    @Test
    void quoteOfAnOutsiderIsNotLookedUp() {
        lookups.lookedUp.clear();

        decide(send("eve", "m2", "m1"));

        assertThat(lookups.lookedUp).containsExactly("m2");
    }

    @Test
    void resentMessageOfWhoLeftSinceIsADuplicateAndANewOneIsForbidden() {
        decide(send("carol", "m2", "m1"));
        decide(new RemoveMember(Actor.member("carol"), "carol"));

        assertThat(decide(send("carol", "m2", "m1")).answer()).isEqualTo(new Duplicate(3, NOON));
        assertThat(decide(send("carol", "m2", "m1")).list()).isEmpty();
        assertCode(decide(send("carol", "m3", null)), ErrorCode.FORBIDDEN);
        assertCode(decide(send("eve", "m2", null)), ErrorCode.FORBIDDEN);
        assertCode(decide(send("carol", "m1", null)), ErrorCode.FORBIDDEN);
    }

    @Test
    void strangersAreNotMentioned() {
        Changes changes = decide(mentions("bob", "m2", new Mentions(List.of("carol", "eve", "bob"), false)));

        assertThat(sent(changes).getContent().getMentions()).isEqualTo(new Mentions(List.of("carol", "bob"), false));
        assertThat(lists(changes)).containsExactly("+@carol");
        changes = decide(mentions("bob", "m3", new Mentions(List.of("eve"), false)));
        assertThat(sent(changes).getContent().getMentions()).isNull();
        assertThat(lists(changes)).isEmpty();
    }

    @Test
    void mentionsFollowTheContent() {
        decide(mentions("bob", "m2", new Mentions(List.of("carol"), false)));

        assertThat(lists(decide(edit("bob", "m2", new Mentions(List.of("alice", "eve"), false)))))
                .containsExactly("-@carol", "+@alice");
        assertThat(lists(decide(edit("bob", "m2", new Mentions(List.of(), true)))))
                .containsExactly("-@alice", "+@");
        assertThat(lists(decide(new DeleteMessage(Actor.member("bob"), "m2", null))))
                .containsExactly("+@@", "-@");
    }

    @Test
    void whatIsMentionedAgainChangesNothing() {
        decide(edit("bob", "m1", new Mentions(List.of("carol", "eve"), false)));

        Changes again = decide(edit("bob", "m1", new Mentions(List.of("carol", "eve"), false)));

        assertThat(again.answer()).isEqualTo(new Duplicate(3, NOON, 1L));
    }

    @Test
    void whoMayNotReadAnEditedMessageIsNotMentionedInIt() {
        decide(new AddMembers(Actor.member("alice"), List.of("dave"), false, List.of()));

        assertThat(lists(decide(edit("bob", "m1", new Mentions(List.of("carol", "dave"), false)))))
                .containsExactly("+@carol");
        assertThat(lists(decide(mentions("bob", "m2", new Mentions(List.of("dave"), false)))))
                .containsExactly("+@dave");
    }

    @Test
    void onlyAdminsMentionAllWhereTheGroupSaysSo() {
        Mentions all = new Mentions(List.of(), true);
        assertThat(lists(decide(mentions("bob", "m2", all)))).containsExactly("+@");
        decide(new Update(
                Actor.member("alice"), new UpdateConversation(null, null, null, null, true, null, null, null, null)));

        assertCode(decide(mentions("bob", "m3", all)), ErrorCode.FORBIDDEN);
        assertCode(decide(edit("bob", "m1", all)), ErrorCode.FORBIDDEN);
        assertThat(lists(decide(mentions("alice", "m3", all)))).containsExactly("+@");
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
            }
        }
        return changes;
    }

    private static Message sent(Changes changes) {
        return ((MessageSent) changes.events().getFirst().event()).message();
    }

    /// `+` and the name of each list that a message came into, `-` and that of each that it left.
    private static List<String> lists(Changes changes) {
        return changes.list().stream()
                .map(change -> switch (change) {
                    case Listed listed -> "+" + listed.list();
                    case Unlisted unlisted -> "-" + unlisted.list();
                    default -> "";
                })
                .filter(list -> !list.isEmpty())
                .toList();
    }

    private static SendMessage mentions(String userId, String messageId, Mentions mentions) {
        Content content = new Content("text", messageId, null, null, mentions);
        return new SendMessage(Actor.member(userId), new Message(messageId, content, null, null, null));
    }

    private static EditMessage edit(String userId, String messageId, Mentions mentions) {
        Content content = new Content("text", "edited", null, null, mentions);
        return new EditMessage(Actor.member(userId), messageId, content, null);
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
