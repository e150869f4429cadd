package chat.milena.syncapi.read;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.rules.AccessRules;
import chat.milena.schemas.key.MemberKey;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.FakeViews;
import chat.milena.syncapi.read.Read.Order;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/// Any walk through any history: backward, forward or by syncs, a reader meets every readable number exactly once,
/// every other one as expired, and comes to an end.
@Timeout(60)
class PageWalkPropertyTest {
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final FakeViews views = new FakeViews();
    private final TreeSet<Long> readable = new TreeSet<>();
    private final FakeConversation chat = history();
    private final Instant now = chat.clock();
    private final Duration retention = Duration.ofSeconds(random.nextLong(1, 2 * chat.last() + 2));
    private final String reader = random.nextBoolean() ? "bob" : "carol";

    private FakeConversation history() {
        FakeConversation made = random.nextBoolean()
                ? FakeConversation.group(views, "g", "alice", "bob")
                : FakeConversation.closedGroup(views, "g", "alice", "bob");
        int beforeCarol = random.nextInt(60);
        talk(made, beforeCarol);
        made.joins("carol");
        talk(made, random.nextInt(200));
        if (random.nextInt(4) == 0) {
            // More than a page walks over.
            int brief = random.nextInt(3 * Timeline.GONE_SCAN_MAX);
            for (int i = 0; i < brief; i++) {
                made.says("alice", "brief", Duration.ofMillis(1));
            }
            talk(made, random.nextInt(3));
        }
        return made;
    }

    private void talk(FakeConversation made, int events) {
        int lossy = random.nextInt(1, 6);
        for (int i = 0; i < events; i++) {
            switch (random.nextInt(6)) {
                case 0 -> made.says("alice", "brief", Duration.ofMillis(random.nextInt(1, 400_000)));
                case 1 -> made.joins("dave");
                case 2 -> made.leaves("dave");
                default -> made.says(random.nextBoolean() ? "alice" : "bob", "hi");
            }
            if (random.nextInt(lossy) == 0 && random.nextBoolean()) {
                made.loses(made.last());
            }
        }
        // The newest is always left: only what comes after it would tell that it was there.
        made.says("alice", "here");
    }

    /// By another way than the code's: each number on its own.
    private void findReadable() {
        AccessRules.Access access =
                AccessRules.decide(views.conversation(chat.key()), views.member(new MemberKey(chat.key(), reader)));
        long first = ((AccessRules.Granted) access).firstSequence();
        LongStream.rangeClosed(first, chat.last())
                .forEach(number -> views.events(chat.key(), number, number, 1, Order.OLDEST_FIRST).stream()
                        .filter(event -> event.getTimestamp().plus(retention).isAfter(now))
                        .filter(event -> event.getMessage() == null
                                || event.getMessage().getExpiresAt() == null
                                || event.getMessage().getExpiresAt().isAfter(now))
                        .forEach(event -> readable.add(event.getSequenceNumber())));
    }

    private JsonNode answer(Read.OfConversation<?> read) {
        return Answers.json(new ConversationReader(tenant -> retention).answer(views, read, now));
    }

    /// Notes what a page says; nothing may be said twice.
    private void note(JsonNode page, Set<Long> seen, Set<Long> expired) {
        for (JsonNode entry : page.path("messages")) {
            long number = entry.path("sequenceNumber").longValue();
            assertThat(seen.add(number)).as("%d twice, seed %d", number, seed).isTrue();
        }
        assertThat(page.path("expired").size())
                .isLessThanOrEqualTo(page.path("messages").size() + 1);
        for (JsonNode range : page.path("expired")) {
            for (long n = range.path("from").longValue(); n <= range.path("to").longValue(); n++) {
                assertThat(expired.add(n))
                        .as("%d expired twice, seed %d", n, seed)
                        .isTrue();
            }
        }
    }

    private void check(Set<Long> seen, Set<Long> expired, String walk) {
        assertThat(seen).as("seen %s, seed %d", walk, seed).isEqualTo(readable);
        TreeSet<Long> others =
                new TreeSet<>(LongStream.rangeClosed(1, chat.last()).boxed().toList());
        others.removeAll(readable);
        assertThat(expired).as("expired %s, seed %d", walk, seed).isEqualTo(others);
    }

    @RepeatedTest(200)
    void everyWalkMeetsEveryNumberOnce() {
        findReadable();
        int limit = random.nextInt(1, 60);
        walk(Order.NEWEST_FIRST, Read.HistoryPage.END, limit);
        walk(Order.OLDEST_FIRST, 0, limit);
        walkBySyncs(limit);
    }

    private void walk(Order order, long edge, int limit) {
        TreeSet<Long> seen = new TreeSet<>();
        TreeSet<Long> expired = new TreeSet<>();
        long at = edge;
        for (int pages = 0; ; pages++) {
            assertThat(pages).as("%s does not end, seed %d", order, seed).isLessThanOrEqualTo((int) chat.last());
            JsonNode page = answer(new Read.HistoryPage(
                    chat.key(), reader, order, at, limit, random.nextLong(1, 50_000), false, null));
            assertThat(page.path("messages").size()).isLessThanOrEqualTo(limit);
            note(page, seen, expired);
            assertThat(page.has("nextCursor")).isEqualTo(page.path("hasMore").booleanValue());
            if (!page.path("hasMore").booleanValue()) {
                break;
            }
            at = Cursors.parseSequence(page.path("nextCursor").textValue()).orElseThrow();
        }
        check(seen, expired, order.toString());
    }

    private void walkBySyncs(int limit) {
        TreeSet<Long> seen = new TreeSet<>();
        TreeSet<Long> expired = new TreeSet<>();
        long at = 0;
        for (int syncs = 0; ; syncs++) {
            assertThat(syncs).as("syncs do not end, seed %d", seed).isLessThanOrEqualTo((int) chat.last());
            JsonNode page = answer(new Read.SyncOne(chat.key(), reader, at, limit, random.nextLong(1, 20_000), true));
            note(page, seen, expired);
            long upTo = page.path("upToSequence").longValue();
            assertThat(upTo).as("seed %d", seed).isGreaterThanOrEqualTo(at);
            at = upTo;
            if (!page.path("hasMore").booleanValue()) {
                break;
            }
        }
        assertThat(at).isEqualTo(chat.last());
        check(seen, expired, "syncs");
    }

    @RepeatedTest(50)
    void unreadIsWhatACountOfAllMessagesBehindTheWatermarkGivesWhenNothingIsGone() {
        FakeViews whole = new FakeViews();
        FakeConversation full = FakeConversation.group(whole, "g", "alice", "bob");
        int events = random.nextInt(1, 100);
        for (int i = 0; i < events; i++) {
            if (random.nextInt(3) == 0) {
                full.event("poll.opened");
            } else {
                full.says("alice", "hi");
            }
        }
        long read = random.nextLong(0, full.last() + 1);
        full.receives("bob", full.last(), read);
        long expected =
                whole.events(full.key(), read + 1, Long.MAX_VALUE, Integer.MAX_VALUE, Order.OLDEST_FIRST).stream()
                        .filter(event -> event.getKind().equals("message"))
                        .count();

        ReadAnswer<?> answer = new ConversationReader(tenant -> Duration.ofDays(30))
                .answer(whole, new Read.SyncOne(full.key(), "bob", 0, 1, 1, true), full.clock());

        assertThat(Answers.json(answer).path("unreadCount").longValue())
                .as("seed %d", seed)
                .isEqualTo(expected);
    }
}
