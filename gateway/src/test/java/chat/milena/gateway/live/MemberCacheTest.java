package chat.milena.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.key.ConversationKey;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemberCacheTest {
    private static final ConversationKey FIRST = new ConversationKey("default", "c1");
    private static final ConversationKey SECOND = new ConversationKey("default", "c2");

    private final MemberCache cache = new MemberCache(1);

    @Test
    void membersAreKnownForAWhile() {
        cache.keep(FIRST, Set.of("alice"), cache.changes(), 0);

        assertThat(cache.of(FIRST, 29_999)).contains(Set.of("alice"));
        assertThat(cache.of(FIRST, 30_000)).isEmpty();
    }

    @Test
    void changeOfMembersIsKnownAtOnce() {
        cache.keep(FIRST, Set.of("alice"), cache.changes(), 0);
        cache.changed(FIRST);

        assertThat(cache.of(FIRST, 1)).isEmpty();
    }

    @Test
    void whoWritesForTheFirstTimeIsAskedForAgain() {
        cache.keep(FIRST, Set.of("alice"), cache.changes(), 0);

        cache.joinedIn(FIRST, "alice");
        assertThat(cache.of(FIRST, 1)).contains(Set.of("alice"));
        cache.joinedIn(FIRST, "bob");
        assertThat(cache.of(FIRST, 1)).isEmpty();
    }

    @Test
    void answerThatAChangeHasOvertakenIsNotKept() {
        long before = cache.changes();
        cache.changed(FIRST);
        cache.keep(FIRST, Set.of("alice"), before, 0);

        assertThat(cache.of(FIRST, 1)).isEmpty();
    }

    @Test
    void theOldestMakesRoom() {
        cache.keep(FIRST, Set.of("alice"), cache.changes(), 0);
        cache.keep(SECOND, Set.of("bob"), cache.changes(), 0);

        assertThat(cache.of(FIRST, 1)).isEmpty();
        assertThat(cache.of(SECOND, 1)).contains(Set.of("bob"));
    }
}
