package chat.milena.syncapi.read;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.rules.AccessRules;
import chat.milena.conversation.rules.AccessRules.Access;
import chat.milena.conversation.rules.AccessRules.Granted;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.protocol.timeline.Added;
import chat.milena.protocol.timeline.Entry;
import chat.milena.protocol.timeline.MessageStatus;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.MemberKey;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.FakeViews;
import chat.milena.syncapi.read.Read.Order;
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
                .event("poll.opened")
                .says("a".repeat(64), "\u0001\"\\é中😀".repeat(100))
                .says(
                        "bob",
                        new Content("location", "中", "https://x.org/" + "a".repeat(2_000), "{\"a\":[1e3,\"é\"]}", null),
                        Duration.ofHours(1));
        Timeline timeline = open(views, chat);
        Additions additions = Additions.of(views, chat.key(), "alice", timeline);

        views.events(chat.key(), 1, Long.MAX_VALUE, Order.OLDEST_FIRST, event -> {
            assertThat(EntryBytes.of(event) + additions.bytesOf(event))
                    .isGreaterThan(entryBytes(event, additions.of(event)));
            return true;
        });
    }

    @Test
    void whatWasAddedIsWeighedTogether() {
        FakeViews views = new FakeViews();
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").says("bob", "hello");
        for (int emoji = 0; emoji < 20; emoji++) {
            for (int user = 0; user < 12; user++) {
                chat.reacts((user + "u").repeat(21), 2, "\"中😀" + emoji);
            }
        }
        chat.pins("alice", 2);
        Additions additions = Additions.of(views, chat.key(), "alice", open(views, chat));

        views.events(chat.key(), 1, Long.MAX_VALUE, Order.OLDEST_FIRST, event -> {
            assertThat(EntryBytes.of(event) + additions.bytesOf(event))
                    .isGreaterThan(entryBytes(event, additions.of(event)));
            return true;
        });
    }

    private static int entryBytes(TimelineEvent event, Added added) {
        return ProtocolJson.bytes((Record) Entry.of(event, added, null, MessageStatus.DELIVERED)).length;
    }

    private static Timeline open(FakeViews views, FakeConversation chat) {
        Access access =
                AccessRules.decide(views.conversation(chat.key()), views.member(new MemberKey(chat.key(), "alice")));
        return Timeline.open(views, chat.key(), (Granted) access, Expiry.at(chat.clock(), Duration.ofDays(30)));
    }
}
