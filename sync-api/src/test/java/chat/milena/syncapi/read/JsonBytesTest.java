package chat.milena.syncapi.read;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.json.Json;
import chat.milena.schemas.avro.Content;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.FakeViews;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBytesTest {
    private static int written(JsonNode node) {
        return Json.text(node).getBytes(StandardCharsets.UTF_8).length;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "[1,2,3]",
                "{\"a\":null,\"b\":[true,false,-1.50,1e400],\"c\":{\"d\":\"x\"}}",
                "\"\\u0000\\n\\\"\\\\é中\\ud83d\\ude00\\u2028\"",
                "\"\""
            })
    void noJsonIsLongerThanItIsCounted(String json) {
        JsonNode node = Json.parse(json).orElseThrow();

        assertThat(JsonBytes.of(node)).isBetween((long) written(node), written(node) + 20L);
    }

    @Test
    void noEntryIsLongerThanItIsWeighedBeforeItIsMade() {
        FakeViews views = new FakeViews();
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .joins("carol", "dave")
                .gives("bob", "admin")
                .leaves("dave")
                .event("reaction")
                .says("a".repeat(64), "\u0001\"\\é中😀".repeat(100))
                .says(
                        "bob",
                        new Content("location", "中", "https://x.org/" + "a".repeat(2_000), "{\"a\":[1e3,\"é\"]}"),
                        Duration.ofHours(1));

        views.events(chat.key(), 1, Long.MAX_VALUE, Order.OLDEST_FIRST, event -> {
            long weighed = EntryJson.bytes(event);
            assertThat(weighed).isGreaterThan(written(EntryJson.entry(event, MessageStatus.DELIVERED)));
            return true;
        });
    }
}
