package chat.milena.gateway.presence;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.key.UserKey;
import org.junit.jupiter.api.Test;

class LocalUsersTest {
    private final LocalUsers users = new LocalUsers();

    @Test
    void whoChangedIsToldBeforeThoseWhoAreOnlyToldAgain() {
        for (int i = 0; i < 10; i++) {
            users.opened(user("u" + i), "conn_" + i);
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

    private static UserKey user(String userId) {
        return new UserKey("default", userId);
    }
}
