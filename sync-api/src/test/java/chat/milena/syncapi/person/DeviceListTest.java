package chat.milena.syncapi.person;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.call.DeviceRecords.Kept;
import chat.milena.protocol.call.DeviceRecords.Registration;
import chat.milena.protocol.read.Devices;
import chat.milena.protocol.read.Devices.DeviceLine;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeviceListTest {
    private static final String CREATED = "2026-01-01T12:00:00Z";
    private static final Devices.DevicePush PUSH = new Devices.DevicePush("fcm", "app", null, null, null, CREATED);

    private static Kept registered(String deviceId) {
        return new Kept(deviceId, CREATED, null, new Registration(PUSH, 1, null, null, "k1", new byte[] {1}));
    }

    @Test
    void registrationAndConnectionOfADeviceAreOneLine() {
        Devices list = DeviceList.of(
                List.of(registered("phone"), registered("tablet")),
                List.of(new SeenDevice("phone", true, 1_000, 5_000), new SeenDevice("laptop", false, 2_000, 3_000)));

        assertThat(list.devices())
                .containsExactly(
                        new DeviceLine("phone", true, 5_000L, CREATED, PUSH),
                        new DeviceLine("laptop", false, 3_000L, "1970-01-01T00:00:02Z", null),
                        new DeviceLine("tablet", false, null, CREATED, PUSH));
    }

    @Test
    void nothingIsSaidOfConnectionsWhilePresenceIsPaused() {
        assertThat(DeviceList.of(List.of(registered("phone")), null).devices())
                .containsExactly(new DeviceLine("phone", null, null, CREATED, PUSH));
    }

    @Test
    void aDeviceThatWasSignedOutIsLeftOutUntilItComesBack() {
        List<Kept> kept = List.of(
                new Kept("gone", CREATED, 100_000L, null),
                new Kept("ended-since", CREATED, 100_000L, null),
                new Kept("back", CREATED, 100_000L, null),
                new Kept("was-back", CREATED, 100_000L, null));
        List<SeenDevice> seen = List.of(
                new SeenDevice("ended-since", false, 1, 101_000),
                new SeenDevice("back", true, 1, 101_000),
                new SeenDevice("was-back", false, 1, 300_000));

        assertThat(DeviceList.of(kept, seen).devices())
                .extracting(DeviceLine::deviceId)
                .containsExactly("back", "was-back");
        assertThat(DeviceList.of(kept, null).devices()).isEmpty();
    }

    @Test
    void beyondTheBoundTheLongestUnseenGoesThatIsNeitherConnectedNorRegistered() {
        List<Kept> registered =
                IntStream.range(0, 98).mapToObj(i -> registered("r" + i)).toList();

        List<DeviceLine> lines = DeviceList.of(
                        registered,
                        List.of(
                                new SeenDevice("here", true, 1, 2),
                                new SeenDevice("lately", false, 1, 90),
                                new SeenDevice("long-ago", false, 1, 80)))
                .devices();

        assertThat(lines).hasSize(100).extracting(DeviceLine::deviceId).contains("here", "lately", "r0", "r97");
    }
}
