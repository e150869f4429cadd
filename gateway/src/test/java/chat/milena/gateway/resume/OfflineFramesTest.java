package chat.milena.gateway.resume;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.Deliveries;
import chat.milena.gateway.delivery.MessageChanges;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.json.Json;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.MessageChange;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.ShownContent;
import chat.milena.schemas.avro.ShownReaction;
import chat.milena.testsupport.MovableClock;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OfflineFramesTest {
    private final MovableClock clock = new MovableClock();
    private final MessageChanges changes = new MessageChanges();
    private final List<Supplier<@Nullable ServerFrame>> due = new ArrayList<>();
    private final OfflineFrames frames = new OfflineFrames("alice", changes, clock, due::add);

    private List<JsonNode> told() {
        frames.flush();
        return due.stream()
                .map(Supplier::get)
                .map(frame -> Json.parse(String.valueOf(frame)).orElseThrow())
                .toList();
    }

    private static Delivery message(String conversationId, long number) {
        return Deliveries.event("default", conversationId, number, "hi", "alice");
    }

    private static Delivery change(String kind, long number, String... about) {
        Delivery delivery = message("c1", number);
        delivery.getEvent().setKind(kind);
        delivery.getEvent().setMessage(null);
        List<Participant> participants = new ArrayList<>();
        for (String userId : about) {
            participants.add(new Participant(userId, "member"));
        }
        delivery.getEvent().setParticipants(participants);
        delivery.setConversation(new ConversationSnapshot(
                "group",
                "Team",
                new ConversationSettings(false, false, true, false, 0, false),
                List.of(),
                2,
                number,
                Deliveries.TIME,
                null,
                null));
        return delivery;
    }

    private static Delivery messageChange(String kind, long number, long target, @Nullable String text) {
        Delivery delivery = message("c1", number);
        delivery.getEvent().setKind(kind);
        delivery.getEvent().setMessage(null);
        delivery.getEvent().setChange(new MessageChange("m" + target, target, number, null, 0, false));
        if (text != null) {
            delivery.setContent(new ShownContent(new Content("text", text, null, null, null), List.of(), null, null));
        }
        return delivery;
    }

    private void addAll(Delivery... missed) {
        Stream.of(missed).forEach(changes::add);
        Stream.of(missed).forEach(frames::add);
    }

    @Test
    void ofSeveralEditsTheLastOneIsShownAndTheOthersAreNumbersAlone() {
        addAll(
                message("c1", 1),
                messageChange("message.edited", 2, 1, "second"),
                messageChange("message.edited", 3, 1, "third"));

        List<JsonNode> told = told();
        assertThat(told)
                .extracting(frame -> frame.path("type").asText())
                .containsExactly("messages.offline", "message.updated");
        assertThat(numbers(told.getFirst())).containsExactly(1L, 2L);
        assertThat(told.getLast().at("/payload/content/text").asText()).isEqualTo("third");
        assertThat(told.toString()).doesNotContain("second");
    }

    @Test
    void ofAnEditOfAMessageThatHasExpiredTheNumberAloneIsShown() {
        Delivery gone = messageChange("message.edited", 2, 1, "secret");
        gone.getContent().setExpiresAt(clock.instant());
        Delivery lasting = messageChange("message.edited", 4, 3, "lasting");
        lasting.getContent().setExpiresAt(clock.instant().plusMillis(1));
        addAll(gone, lasting);

        List<JsonNode> told = told();
        assertThat(numbers(told.getFirst())).containsExactly(2L);
        assertThat(told.getLast().at("/payload/content/text").asText()).isEqualTo("lasting");
        assertThat(told.toString()).doesNotContain("secret");
    }

    @Test
    void reactionsToAMessageThatWasDeletedSinceAreNumbersAlone() {
        Delivery reaction = messageChange("reaction", 2, 1, null);
        reaction.setReaction(new ShownReaction("secret", 1, false, List.of(), null));
        addAll(message("c1", 1), reaction, messageChange("message.deleted", 3, 1, null));

        List<JsonNode> told = told();
        assertThat(numbers(told.getFirst())).containsExactly(1L, 2L);
        assertThat(told.toString()).doesNotContain("secret");
    }

    @Test
    void whatWasDeletedSinceIsNotShown() {
        addAll(
                message("c1", 1),
                messageChange("message.edited", 2, 1, "second"),
                message("c1", 3),
                messageChange("message.deleted", 4, 1, null));

        List<JsonNode> told = told();
        assertThat(told)
                .extracting(frame -> frame.path("type").asText())
                .containsExactly("messages.offline", "message.deleted");
        assertThat(numbers(told.getFirst())).containsExactly(1L, 2L, 3L);
        JsonNode deleted = told.getFirst().at("/payload/messages/0");
        assertThat(deleted.has("content")).as("%s", deleted).isFalse();
        assertThat(deleted.path("deletedBy").asText()).isEqualTo("somebody");
        assertThat(told.getFirst().at("/payload/messages/2/content/text").asText())
                .isEqualTo("hi");
        assertThat(told.toString()).doesNotContain("second");
    }

    private static List<Long> numbers(JsonNode frame) {
        List<Long> numbers = new ArrayList<>();
        frame.path("payload")
                .path("messages")
                .forEach(entry -> numbers.add(entry.path("sequenceNumber").asLong()));
        return numbers;
    }

    @Test
    void messagesOfAConversationComeFiftyAtATimeAndInOrder() {
        for (long number = 1; number <= 120; number++) {
            frames.add(message("c1", number));
        }

        List<JsonNode> told = told();
        assertThat(told).extracting(frame -> frame.path("type").asText()).containsOnly("messages.offline");
        assertThat(told).extracting(frame -> numbers(frame).size()).containsExactly(50, 50, 20);
        assertThat(told.stream().flatMap(frame -> numbers(frame).stream()))
                .isSorted()
                .hasSize(120);
        JsonNode entry = told.getFirst().path("payload").path("messages").path(0);
        assertThat(entry).isEqualTo(Json.parse("""
                {"sequenceNumber":1,"timestamp":1706886400000,"kind":"message","messageId":"m1","senderId":"somebody",
                 "content":{"type":"text","text":"hi"},"revision":0,"reactions":[]}""").orElseThrow());
    }

    @Test
    void conversationsThatTookTurnsAreToldEachByItself() {
        for (long number = 1; number <= 3; number++) {
            frames.add(message("c1", number));
            frames.add(message("c2", number));
        }

        assertThat(told())
                .extracting(
                        frame -> frame.path("payload").path("conversationId").asText(), OfflineFramesTest::numbers)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("c1", List.of(1L, 2L, 3L)),
                        org.assertj.core.groups.Tuple.tuple("c2", List.of(1L, 2L, 3L)));
    }

    @Test
    void changesStandAmongMessagesWhereTheyHappened() {
        frames.add(message("c1", 1));
        frames.add(change("conversation.updated", 2));
        frames.add(message("c1", 3));
        frames.add(change("member.removed", 4, "alice"));

        assertThat(told())
                .extracting(frame -> frame.path("type").asText())
                .containsExactly("messages.offline", "conversation.updated", "messages.offline", "conversation.left");
    }

    @Test
    void receiptsAreToldOnceAndBeforeTheEndOfTheirConversation() {
        frames.add(Deliveries.receipt("c1", "read", "bob", 2, "alice"));
        frames.add(message("c1", 5));
        frames.add(Deliveries.receipt("c1", "read", "bob", 4, "alice"));
        frames.add(change("member.removed", 6, "alice"));

        List<JsonNode> told = told();
        assertThat(told)
                .extracting(frame -> frame.path("type").asText())
                .containsExactly("messages.offline", "message.read_receipt", "conversation.left");
        assertThat(told.get(1).path("payload").path("readUpToSequence").asLong())
                .isEqualTo(4);
    }

    @Test
    void whatHasExpiredIsNamedAndNotShown() {
        Delivery gone = message("c1", 2);
        gone.getEvent().getMessage().setExpiresAt(clock.instant());
        frames.add(message("c1", 1));
        frames.add(gone);
        frames.add(message("c1", 3));

        JsonNode frame = told().getFirst();
        assertThat(numbers(frame)).containsExactly(1L, 3L);
        assertThat(frame.path("payload").path("expired").toString()).isEqualTo("[{\"from\":2,\"to\":2}]");
    }

    @Test
    void kindOfALaterVersionIsAnEntry() {
        frames.add(change("poll.opened", 2));

        JsonNode frame = told().getFirst();
        assertThat(numbers(frame)).containsExactly(2L);
        assertThat(frame.path("payload").path("messages").path(0).path("kind").asText())
                .isEqualTo("poll.opened");
    }
}
