package chat.milena.conversation.rules;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer;
import chat.milena.conversation.command.Answer.Detail.Revision;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Change;
import chat.milena.conversation.command.Change.MessageIndexed;
import chat.milena.conversation.command.Change.Listed;
import chat.milena.conversation.command.Change.MessageOverwritten;
import chat.milena.conversation.command.Change.Numbered;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Command.AddMembers;
import chat.milena.conversation.command.Command.CreateConversation;
import chat.milena.conversation.command.Command.DeleteMessage;
import chat.milena.conversation.command.Command.EditMessage;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.FirstSend;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ActorKind;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A group in which alice is admin, and bob wrote m1 with number 2.
class MessageChangeRulesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration RETENTION = Duration.ofDays(30);
    private static final Actor MODERATOR = new Actor("mia", ActorKind.MODERATOR);

    private final ConversationRules rules = new ConversationRules(10, 10, 9, RETENTION, Duration.ofMinutes(15));
    private final FakeLookups lookups = FakeLookups.none();
    private ConversationState state = new Absent();
    private Instant now = NOON;

    @Test
    void editTakesTheNextNumberAndOverwritesTheMessage() {
        begin(ConversationType.GROUP);

        Changes changes = decide(edit("bob", "two", null));

        assertThat(changes.answer()).isEqualTo(new Accepted(3, NOON, 1L));
        assertThat(changes.list()).hasExactlyElementsOfTypes(MessageOverwritten.class, Numbered.class);
        assertThat(changes.list().getFirst())
                .isInstanceOfSatisfying(
                        MessageOverwritten.class,
                        overwritten -> assertThat(overwritten.content()).isEqualTo(text("two")));
    }

    @Test
    void editIsItsSendersAlone() {
        begin(ConversationType.GROUP);

        assertCode(decide(edit("alice", "two", null)), ErrorCode.FORBIDDEN);
        assertCode(decide(new EditMessage(MODERATOR, "m1", text("two"), null)), ErrorCode.FORBIDDEN);
        assertCode(decide(edit("bob", "m0", "two", null)), ErrorCode.MESSAGE_NOT_FOUND);
    }

    @Test
    void whatIsSoAlreadyIsADuplicateBeforeRevisionAndAge() {
        begin(ConversationType.GROUP);
        assertThat(decide(edit("bob", "one", 7L)).answer()).isEqualTo(new Duplicate(2, NOON, 0L));
        assertThat(decide(edit("bob", "two", 0L)).answer()).isEqualTo(new Accepted(3, NOON, 1L));
        now = NOON.plus(Duration.ofHours(1));

        assertThat(decide(edit("bob", "two", 0L)).answer()).isEqualTo(new Duplicate(3, NOON, 1L));
        assertCode(decide(edit("bob", "three", 1L)), ErrorCode.FORBIDDEN);
    }

    @Test
    void revisionComparesAndSets() {
        begin(ConversationType.GROUP);
        decide(edit("bob", "two", 0L));

        assertThat(decide(edit("bob", "three", 0L)).answer()).isInstanceOfSatisfying(Rejected.class, rejected -> {
            assertThat(rejected.code()).isEqualTo(ErrorCode.CONFLICT);
            assertThat(rejected.detail()).isEqualTo(new Revision(1));
        });
        assertThat(decide(edit("bob", "three", 1L)).answer()).isEqualTo(new Accepted(4, NOON, 2L));
        assertThat(decide(edit("bob", "one", null)).answer()).isEqualTo(new Accepted(5, NOON, 3L));
    }

    @Test
    void sendersAdminsAndModeratorsDelete() {
        for (Actor actor : List.of(Actor.member("bob"), Actor.member("alice"), MODERATOR)) {
            state = new Absent();
            lookups.messages.clear();
            begin(ConversationType.GROUP);

            assertThat(decide(new DeleteMessage(actor, "m1", null)).answer()).isEqualTo(new Accepted(3, NOON));
            assertThat(decide(new DeleteMessage(actor, "m1", "again")).answer()).isEqualTo(new Duplicate(3, NOON));
        }
    }

    @Test
    void deletedMessageIsListed() {
        begin(ConversationType.GROUP);

        assertThat(decide(delete("bob")).list())
                .filteredOn(Listed.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(Listed.class, listed -> {
                    assertThat(listed.list()).isEqualTo(Ids.DELETED);
                    assertThat(listed.number()).isEqualTo(2);
                });
    }

    @Test
    void othersDoNotDelete() {
        begin(ConversationType.GROUP);

        assertCode(decide(delete("carol")), ErrorCode.FORBIDDEN);
        assertCode(decide(delete("eve")), ErrorCode.FORBIDDEN);
        state = new Absent();
        begin(ConversationType.DIRECT);
        assertCode(decide(delete("alice")), ErrorCode.FORBIDDEN);
        assertCode(decide(delete("eve")), ErrorCode.CONVERSATION_NOT_FOUND);
    }

    @Test
    void rightsComeBeforeWhatIsSoAlready() {
        begin(ConversationType.GROUP);
        decide(delete("bob"));

        assertCode(decide(delete("carol")), ErrorCode.FORBIDDEN);
    }

    @Test
    void deletedMessageIsNotEditedAndItsIdStaysTaken() {
        begin(ConversationType.GROUP);
        decide(delete("bob"));

        assertCode(decide(edit("bob", "one", null)), ErrorCode.MESSAGE_NOT_FOUND);
        assertThat(decide(new SendMessage(Actor.member("bob"), message("one", null)))
                        .answer())
                .isEqualTo(new Duplicate(2, NOON));
    }

    @Test
    void expiredMessageIsUnknown() {
        begin(ConversationType.GROUP);
        decide(new SendMessage(Actor.member("bob"), new Message("m2", text("one"), NOON.plusSeconds(60), null, null)));
        now = NOON.plusSeconds(60);

        assertCode(decide(edit("bob", "m2", "two", null)), ErrorCode.MESSAGE_NOT_FOUND);
        assertCode(decide(new DeleteMessage(Actor.member("bob"), "m2", null)), ErrorCode.MESSAGE_NOT_FOUND);
        now = NOON.plus(RETENTION).plusMillis(1);
        assertCode(decide(delete("bob")), ErrorCode.MESSAGE_NOT_FOUND);
    }

    @Test
    void messageOfAnOlderReleaseCannotBeChanged() {
        begin(ConversationType.GROUP);
        lookups.with("old", new FirstSend("bob", 1, NOON));

        assertCode(decide(edit("bob", "old", "two", null)), ErrorCode.FORBIDDEN);
        assertCode(decide(new DeleteMessage(Actor.member("bob"), "old", null)), ErrorCode.FORBIDDEN);
    }

    @Test
    void whoMayNotReadAMessageDoesNotLearnOfItAndGetsNoContent() {
        begin(ConversationType.GROUP);
        decide(new AddMembers(Actor.member("alice"), List.of("dave"), false, List.of()));

        assertCode(decide(delete("dave")), ErrorCode.MESSAGE_NOT_FOUND);
        Changes edited = decide(edit("bob", "two", null));
        assertThat(edited.list())
                .filteredOn(Numbered.class::isInstance)
                .singleElement()
                .satisfies(change -> assertThat(Objects.requireNonNull(((Numbered) change).content())
                                .getWithoutIt())
                        .containsExactly("dave"));
    }

    @Test
    void whatOutsidersNameIsNotLookedUp() {
        begin(ConversationType.GROUP);
        lookups.lookedUp.clear();

        decide(delete("eve"));
        decide(edit("eve", "two", null));

        assertThat(lookups.lookedUp).isEmpty();
    }

    private void begin(ConversationType type) {
        List<String> others = type == ConversationType.GROUP ? List.of("bob", "carol") : List.of("bob");
        ConversationSettings settings = new ConversationSettings(false, false, false, false, 0, false);
        decide(new CreateConversation(Actor.member("alice"), type, null, settings, others, true));
        decide(new SendMessage(Actor.member("bob"), message("one", null)));
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

    private static EditMessage edit(String userId, String text, @Nullable Long revision) {
        return edit(userId, "m1", text, revision);
    }

    private static EditMessage edit(String userId, String messageId, String text, @Nullable Long revision) {
        return new EditMessage(Actor.member(userId), messageId, text(text), revision);
    }

    private static DeleteMessage delete(String userId) {
        return new DeleteMessage(Actor.member(userId), "m1", null);
    }

    private static Message message(String text, @Nullable Instant expiresAt) {
        return new Message("m1", text(text), expiresAt, null, null);
    }

    private static Content text(String text) {
        return new Content("text", text, null, null, null);
    }

    private static void assertCode(Changes changes, ErrorCode code) {
        Answer answer = changes.answer();
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.code()).isEqualTo(code));
        assertThat(changes.list()).isEmpty();
    }
}
