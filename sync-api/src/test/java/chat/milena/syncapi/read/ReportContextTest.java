package chat.milena.syncapi.read;

import static chat.milena.syncapi.FakeConversation.BEGINNING;
import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.avro.Block;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.FakeViews;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What moderators see around a message of the queue.
class ReportContextTest {
    private static final int EACH = 5;
    private static final long BYTES_MAX = 100_000;

    private final FakeViews views = new FakeViews();
    private final ConversationReader reader = new ConversationReader(tenant -> Duration.ofHours(1));
    private final Instant now = BEGINNING.plus(Duration.ofMinutes(30));

    private JsonNode around(FakeConversation chat, long number) {
        return Answers.json(
                reader.answer(views, new ModerationRead.InContext(chat.key(), "mia", number, EACH, BYTES_MAX), now));
    }

    private static List<Long> numbers(JsonNode entries) {
        List<Long> numbers = new ArrayList<>();
        entries.forEach(entry -> numbers.add(entry.path("sequenceNumber").longValue()));
        return numbers;
    }

    @Test
    void beginningHasNothingBeforeAndTheEndNothingAfter() {
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").saysTimes(2, "alice");

        JsonNode first = around(chat, 1);
        JsonNode last = around(chat, 3);

        assertThat(first.path("message").isMissingNode())
                .as("number 1 is no message")
                .isTrue();
        assertThat(numbers(first.at("/context/before"))).isEmpty();
        assertThat(numbers(first.at("/context/after"))).containsExactly(2L, 3L);
        assertThat(last.at("/message/sequenceNumber").longValue()).isEqualTo(3);
        assertThat(numbers(last.at("/context/before"))).containsExactly(1L, 2L);
        assertThat(numbers(last.at("/context/after"))).isEmpty();
    }

    @Test
    void expiredNeighborsAreLeftOutAndOthersStandInTheirPlace() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .saysTimes(6, "alice")
                .says("bob", "brief", Duration.ofSeconds(5))
                .says("bob", "reported")
                .says("bob", "brief", Duration.ofSeconds(5))
                .says("alice", "later");

        JsonNode line = around(chat, 9);

        assertThat(numbers(line.at("/context/before"))).containsExactly(3L, 4L, 5L, 6L, 7L);
        assertThat(numbers(line.at("/context/after"))).containsExactly(11L);
        assertThat(around(chat, 8).path("message").isMissingNode())
                .as("one that expired itself")
                .isTrue();
    }

    @Test
    void blockBetweenTheTwoHidesNothingFromModerators() {
        FakeConversation chat = FakeConversation.direct(views, "d", "alice", "bob")
                .says("bob", "one")
                .says("bob", "two");
        UserKey alice = new UserKey(chat.key().tenant(), "alice");
        views.blocks.put(alice, new TreeMap<>(Map.of("bob", new Block(alice.tenant(), "alice", "bob", BEGINNING))));

        JsonNode line = around(chat, 3);

        assertThat(line.at("/message/content/text").textValue()).isEqualTo("two");
        assertThat(numbers(line.at("/context/before"))).containsExactly(1L, 2L);
    }
}
