package chat.milena.ephemeral.presence;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.key.UserKey;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LocalUsersTest {
    private final LocalUsers users = new LocalUsers();

    @Test
    void whoChangedIsToldBeforeThoseWhoAreOnlyToldAgain() {
        for (int i = 0; i < 10; i++) {
            users.opened(user("u" + i), "conn_" + i, null);
        }
        users.takeChanged(10);
        assertThat(users.isBehind()).isFalse();

        users.allChanged();
        users.closed(user("u7"), "conn_7");

        assertThat(users.takeChanged(1))
                .extracting(PresenceStore.Placement::user)
                .containsExactly(user("u7"));
        assertThat(users.isBehind()).isTrue();
        assertThat(users.takeChanged(20)).hasSizeBetween(9, 10);
        assertThat(users.isBehind()).isFalse();
    }

    @Test
    void whoCameAndLeftBeforeAnybodyWasToldIsToldBoth() {
        users.opened(user("alice"), "poll_1", null);
        users.closed(user("alice"), "poll_1");

        assertThat(devices()).containsExactly(Set.of("poll_1"));
        assertThat(devices()).containsExactly(Set.of());
        assertThat(users.isBehind()).isFalse();
    }

    @Test
    void whoIsKnownToBeHereAndLeavesIsToldOnce() {
        users.opened(user("alice"), "poll_1", null);
        assertThat(devices()).containsExactly(Set.of("poll_1"));
        users.closed(user("alice"), "poll_1");

        assertThat(devices()).containsExactly(Set.of());
        assertThat(users.isBehind()).isFalse();
    }

    @Test
    void whoIsBackAgainHasNotLeft() {
        for (String poll : List.of("poll_1", "poll_2")) {
            users.opened(user("alice"), poll, null);
            users.closed(user("alice"), poll);
        }
        users.opened(user("alice"), "poll_3", null);

        assertThat(devices()).containsExactly(Set.of("poll_3"));
        assertThat(users.isBehind()).isFalse();
    }

    @Test
    void nothingIsKeptOfVisitsThatNobodyCanBeTold() {
        users.opened(user("alice"), "poll_1", null);
        users.closed(user("alice"), "poll_1");
        users.forgetChanges();
        users.allChanged();

        assertThat(devices()).isEmpty();
    }

    private List<Set<String>> devices() {
        return users.takeChanged(10).stream()
                .map(placement -> placement.devices().keySet())
                .toList();
    }

    private static UserKey user(String userId) {
        return new UserKey("default", userId);
    }
}
