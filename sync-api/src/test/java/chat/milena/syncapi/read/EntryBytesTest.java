package chat.milena.syncapi.read;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.json.ProtocolJson;
import chat.milena.protocol.timeline.Entry;
import chat.milena.protocol.timeline.MessageStatus;
import chat.milena.schemas.avro.Content;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.FakeViews;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EntryBytesTest {
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
                        new Content("location", "中", "https://x.org/" + "a".repeat(2_000), "{\"a\":[1e3,\"é\"]}", null),
                        Duration.ofHours(1));

        views.events(chat.key(), 1, Long.MAX_VALUE, Order.OLDEST_FIRST, event -> {
            long weighed = EntryBytes.of(event);
            assertThat(weighed)
                    .isGreaterThan(ProtocolJson.bytes((Record) Entry.of(event, null, MessageStatus.DELIVERED)).length);
            return true;
        });
    }
}
