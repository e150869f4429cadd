package chat.milena.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.ephemeral.presence.PresenceStore.Known;
import chat.milena.gateway.live.Watchers.Asking;
import chat.milena.gateway.session.Connection;
import chat.milena.protocol.frame.PresenceStatus;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.schemas.key.UserKey;
import chat.milena.testsupport.MovableClock;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchersTest {
    private static final UserKey BOB = new UserKey("default", "bob");

    private final Budget watched = new Budget(Bounds.of(10_000, 100).withUser(600));
    private final Watchers watchers = new Watchers(500, watched);
    private final Connection alice = new Devices(new MovableClock()).of("alice");

    @BeforeEach
    void open() {
        watchers.opened(alice);
    }

    private Asking asks(String... userIds) {
        return watchers.add(alice, List.of(userIds)).orElseThrow();
    }

    private void sees(String... userIds) {
        watchers.permit(alice, List.of(userIds), Set.of(userIds), watchers.partings());
    }

    private static Known bob(PresenceStatus status, long at) {
        return new Known(BOB, status, 0, null, at);
    }

    @Test
    void userWatchesSoManyOnAllConnectionsAndGivesBackWhatIsNotWatchedAnyLonger() {
        Connection another = new Devices(new MovableClock()).of("alice");
        watchers.opened(another);
        List<String> many = IntStream.range(0, 500).mapToObj(i -> "user" + i).toList();
        Asking first = watchers.add(alice, many).orElseThrow();

        assertThat(watchers.add(another, many)).isEmpty();
        assertThat(watchers.add(another, many.subList(0, 100))).isPresent();
        watchers.giveUp(first);
        assertThat(watched.held()).isEqualTo(100);
        watchers.remove(another, many.subList(0, 40));
        assertThat(watched.held()).isEqualTo(60);
        watchers.closed(another);
        assertThat(watched.held()).isZero();
    }

    @Test
    void blockPartsTheTwoAndOvertakesAPermissionThatWasRequestedBefore() {
        Connection bob = new Devices(new MovableClock()).of("bob");
        watchers.opened(bob);
        asks("bob", "carol");
        watchers.keep(watchers.add(bob, List.of("alice")).orElseThrow());
        watchers.permit(bob, List.of("alice"), Set.of("alice"), 0);
        sees("bob", "carol");
        long before = watchers.partings();

        watchers.part(BOB, alice.user());

        assertThat(watchers.of(BOB)).isEmpty();
        assertThat(watchers.of(alice.user())).isEmpty();
        assertThat(watchers.of(new UserKey("default", "carol"))).containsExactly(alice);
        assertThat(watchers.permit(alice, List.of("bob"), Set.of("bob"), before))
                .isEmpty();
        sees("bob");
        assertThat(watchers.of(BOB)).as("no longer blocked").containsExactly(alice);
    }

    @Test
    void subscriptionThatFailsTakesNobodyFromAnotherOneThatIsStillAsked() {
        Asking first = asks("bob");
        Asking second = asks("bob", "carol");

        watchers.giveUp(first);
        sees("bob", "carol");
        watchers.keep(second);

        assertThat(watchers.watchedBy(alice)).containsExactlyInAnyOrder("bob", "carol");
        assertThat(watchers.of(BOB)).containsExactly(alice);
    }

    @Test
    void subscriptionThatFailsTakesNobodyFromAnotherOneThatWasAnswered() {
        Asking first = asks("bob");
        Asking second = asks("bob");
        sees("bob");
        watchers.keep(second);

        watchers.giveUp(first);

        assertThat(watchers.of(BOB)).containsExactly(alice);
    }

    @Test
    void whoAllSubscriptionsFailedForIsNotWatched() {
        Asking first = asks("bob");
        Asking second = asks("bob");
        sees("bob");

        watchers.giveUp(second);
        watchers.giveUp(first);

        assertThat(watchers.watchedBy(alice)).isEmpty();
        assertThat(watchers.of(BOB)).isEmpty();
        assertThat(watchers.shards()).isEmpty();
    }

    @Test
    void subscriptionThatFailsLateTakesNobodyWhoWasAskedForAnewMeanwhile() {
        Asking first = asks("bob");
        watchers.remove(alice, List.of("bob"));
        Asking second = asks("bob");
        sees("bob");

        watchers.giveUp(first);
        watchers.keep(second);

        assertThat(watchers.of(BOB)).containsExactly(alice);
    }

    @Test
    void tooManyTogetherChangeNothing() {
        List<String> many = IntStream.range(0, 500).mapToObj(i -> "user-" + i).toList();
        Asking all = watchers.add(alice, many).orElseThrow();
        watchers.keep(all);

        assertThat(watchers.add(alice, List.of("bob", "user-1"))).isEmpty();
        assertThat(watchers.add(alice, List.of("user-1", "user-1"))).isPresent();

        assertThat(watchers.watchedBy(alice)).hasSize(500).doesNotContain("bob");
    }

    @Test
    void whatWasSoEarlierIsNoNewsUntilTheStoreIsAnotherOne() {
        watchers.keep(asks("bob"));
        sees("bob");
        assertThat(watchers.isNews(alice, bob(PresenceStatus.ONLINE, 20))).isTrue();

        assertThat(watchers.isNews(alice, bob(PresenceStatus.OFFLINE, 10))).isFalse();
        assertThat(watchers.latest(alice, bob(PresenceStatus.OFFLINE, 10)).status())
                .isEqualTo(PresenceStatus.ONLINE);
        assertThat(watchers.isNews(alice, bob(PresenceStatus.ONLINE, 30))).isFalse();
        watchers.forgetTimes();

        assertThat(watchers.isNews(alice, bob(PresenceStatus.OFFLINE, 5))).isTrue();
        assertThat(watchers.latest(alice, bob(PresenceStatus.ONLINE, 6)).status())
                .isEqualTo(PresenceStatus.ONLINE);
    }
}
