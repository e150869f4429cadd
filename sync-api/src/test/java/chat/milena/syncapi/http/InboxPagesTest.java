package chat.milena.syncapi.http;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.syncapi.http.InboxPages.Candidates;
import chat.milena.syncapi.http.Latest.Line;
import chat.milena.syncapi.read.Cursors.InboxPlace;
import chat.milena.syncapi.read.Cursors.InboxWalk;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class InboxPagesTest {
    private static final long BEGIN = 1_000_000;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final Map<String, Long> lastMessages = new HashMap<>();

    private List<Line> lines() {
        return lastMessages.entrySet().stream()
                .map(one ->
                        new Line(new InboxPlace(pinned(one.getKey()) + one.getValue(), one.getKey()), 1, null, false))
                .sorted(Comparator.comparing(Line::place, Latest.LATEST_FIRST))
                .toList();
    }

    /// Each tenth is pinned.
    private static long pinned(String conversationId) {
        return conversationId.endsWith("9") ? Latest.PINNED_MILLIS : 0;
    }

    private void writeLongAgo(int conversations) {
        for (int i = 0; i < conversations; i++) {
            lastMessages.put("c" + i, random.nextLong(BEGIN / 2));
        }
    }

    @Test
    void aQuietWalkMeetsEachLineOnceAndThenEnds() {
        writeLongAgo(60);
        Optional<InboxWalk> walk = Optional.empty();
        int met = 0;
        for (int pages = 0; pages < 3; pages++) {
            Candidates candidates = InboxPages.page(lines(), walk, BEGIN);
            met += Math.min(20, candidates.lines().size());
            walk = Optional.ofNullable(
                    candidates.after(Math.min(20, candidates.lines().size())));
        }
        assertThat(met).isEqualTo(60);
        assertThat(walk).isEmpty();
    }

    @RepeatedTest(200)
    void eachConversationIsMetAtLeastOnceWhateverIsWrittenMeanwhile() {
        writeLongAgo(random.nextInt(1, 100));
        int limit = random.nextInt(1, 20);
        int writes = random.nextInt(0, limit);
        // Whoever gives messages their time may have an earlier clock.
        long behind = random.nextLong(InboxPages.CLOCKS_DIFFER_MILLIS);
        TreeSet<String> met = new TreeSet<>();
        @Nullable InboxWalk walk = null;
        long now = BEGIN;
        int pages = 0;
        do {
            Candidates candidates = InboxPages.page(lines(), Optional.ofNullable(walk), now);
            int shown = Math.min(limit, candidates.lines().size());
            candidates.lines().subList(0, shown).forEach(line -> met.add(line.conversationId()));
            walk = candidates.after(shown);
            now += random.nextInt(3);
            for (int i = random.nextInt(writes + 1); i > 0; i--) {
                String one = "c" + random.nextInt(lastMessages.size());
                long later = now - behind + random.nextInt(2);
                lastMessages.merge(one, later, Math::max);
            }
            pages++;
            assertThat(pages).as("walk does not end, seed %d", seed).isLessThan(5_000);
        } while (walk != null);

        assertThat(met).as("seed %d", seed).containsAll(lastMessages.keySet());
    }
}
