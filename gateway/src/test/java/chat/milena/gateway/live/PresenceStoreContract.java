package chat.milena.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.ephemeral.presence.PresenceStore;
import chat.milena.ephemeral.presence.PresenceStore.Device;
import chat.milena.ephemeral.presence.PresenceStore.Known;
import chat.milena.ephemeral.presence.PresenceStore.Placement;
import chat.milena.protocol.frame.PresenceStatus;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What [LivePresence] expects of its store: the fake of its tests keeps it, as Redis does.
abstract class PresenceStoreContract {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Map<String, Device> PHONE = Map.of("c1", new Device(PresenceStatus.ONLINE, "phone", null));
    private static final UserKey ALICE = new UserKey("default", "alice");
    private static final UserKey BOB = new UserKey("default", "bob");

    private PresenceStore store = new FakeStore();

    /// A store that knows nobody.
    abstract PresenceStore open();

    @BeforeEach
    void join() {
        store = open();
        store.join("g1");
    }

    @AfterEach
    void close() {
        store.close();
    }

    private List<PresenceStatus> statuses(UserKey... users) {
        return store.read(List.of(users)).stream().map(Known::status).toList();
    }

    @Test
    void placedUserIsOnlineAndAnswersComeInTheOrderOfTheQuestion() {
        assertThat(store.place("g1", List.of(new Placement(ALICE, PHONE)))).isTrue();

        assertThat(statuses(BOB, ALICE)).containsExactly(PresenceStatus.OFFLINE, PresenceStatus.ONLINE);
        assertThat(store.read(List.of(BOB, ALICE))).extracting(Known::user).containsExactly(BOB, ALICE);
    }

    @Test
    void placingAgainChangesNothing() {
        store.place("g1", List.of(new Placement(ALICE, PHONE)));
        assertThat(store.place("g1", List.of(new Placement(ALICE, PHONE)))).isTrue();

        assertThat(statuses(ALICE)).containsExactly(PresenceStatus.ONLINE);
    }

    @Test
    void userWithoutDevicesGoesOffline() {
        store.place("g1", List.of(new Placement(ALICE, PHONE)));
        store.place("g1", List.of(new Placement(ALICE, Map.of())));

        await().atMost(PATIENCE).untilAsserted(() -> {
            store.settle(100);
            assertThat(statuses(ALICE)).containsExactly(PresenceStatus.OFFLINE);
        });
    }

    @Test
    void deviceIsKnownByItsIdWhileItIsConnected() {
        Device laptop = new Device(PresenceStatus.AWAY, null, "laptop");
        store.place("g1", List.of(new Placement(ALICE, Map.of("c1", laptop))));

        assertThat(store.devices(ALICE)).singleElement().satisfies(device -> {
            assertThat(device.deviceId()).isEqualTo("laptop");
            assertThat(device.status()).isEqualTo(PresenceStatus.AWAY);
        });
        assertThat(store.devices(BOB)).isEmpty();
    }

    @Test
    void gatewayThatJoinedIsKnownToLive() {
        assertThat(store.beat("g1")).isTrue();
    }
}
