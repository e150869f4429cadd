package chat.milena.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.ephemeral.typing.Typist;
import chat.milena.schemas.key.UserKey;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemberCacheTest {
    private static final UserKey ALICE = new UserKey("default", "alice");
    private static final Typist FIRST = new Typist(ALICE, "c1");
    private static final Typist SECOND = new Typist(ALICE, "c2");
    private static final Typist OTHER = new Typist(new UserKey("default", "bob"), "c1");

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
        cache.changed(FIRST.conversation());

        assertThat(cache.of(FIRST, 1)).isEmpty();
    }

    @Test
    void whoWritesForTheFirstTimeIsAskedForAgain() {
        cache.keep(FIRST, Set.of("alice"), cache.changes(), 0);

        cache.joinedIn(FIRST.conversation(), "alice");
        assertThat(cache.of(FIRST, 1)).contains(Set.of("alice"));
        cache.joinedIn(FIRST.conversation(), "bob");
        assertThat(cache.of(FIRST, 1)).isEmpty();
    }

    @Test
    void answerThatAChangeHasOvertakenIsNotKept() {
        long before = cache.changes();
        cache.changed(FIRST.conversation());
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

    @Test
    void eachTypistHasTheirOwnAndABlockForgetsThoseOfItsTwo() {
        MemberCache two = new MemberCache(3);
        two.keep(FIRST, Set.of("alice", "carol"), two.changes(), 0);
        two.keep(OTHER, Set.of("bob", "carol", "dan"), two.changes(), 0);
        long before = two.changes();

        assertThat(two.of(FIRST, 1)).contains(Set.of("alice", "carol"));
        two.forget(ALICE);

        assertThat(two.of(FIRST, 1)).isEmpty();
        assertThat(two.of(OTHER, 1)).isPresent();
        two.keep(FIRST, Set.of("alice", "carol"), before, 1);
        assertThat(two.of(FIRST, 1)).as("asked for before the block").isEmpty();
    }
}
