package chat.milena.topology.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import chat.milena.conversation.person.DeviceRules;
import chat.milena.schemas.avro.ChangeDevice;
import chat.milena.schemas.avro.ChangeProfile;
import chat.milena.schemas.avro.ChangedDevice;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.Device;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.NotificationSettings;
import chat.milena.schemas.avro.PushRegistration;
import chat.milena.schemas.avro.QuietHours;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.TopicSpec;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceTopologyTest {
    private static final UserKey ALICE = new UserKey("shop", "alice");
    private static final UserKey BOB = new UserKey("other", "bob");

    @TempDir
    private Path folder;

    private TopologyTestDriver driver;

    @BeforeEach
    void start() {
        driver = UserTopologyTest.driver(folder);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    private void pipe(UserKey user, ChangeDevice change) {
        InboundCommand command = command(user, "user.device");
        command.setDevice(change);
        pipe(user, command);
    }

    private void pipe(UserKey key, InboundCommand command) {
        driver.createInputTopic(
                        UserTopologyTest.TOPICS.userCommands().name(),
                        UserTopologyTest.TOPICS.userCommands().keys().serializer(),
                        UserTopologyTest.TOPICS.userCommands().values().serializer())
                .pipeInput(key, command);
    }

    private static InboundCommand command(UserKey user, String kind) {
        InboundCommand command = new InboundCommand();
        command.setActorKind("member");
        command.setTenant(user.tenant());
        command.setConversationId("");
        command.setUserId(user.userId());
        command.setKind(kind);
        command.setOrigin(new CommandOrigin("gw", "rest", 7L));
        command.setAcceptedAt(Instant.EPOCH);
        return command;
    }

    private static ChangeDevice register(String deviceId, String addressHash) {
        return ChangeDevice.newBuilder()
                .setDeviceId(deviceId)
                .setPush(PushRegistration.newBuilder()
                        .setPlatform("fcm")
                        .setKeyId("k1")
                        .setAddress(ByteBuffer.wrap(new byte[] {1, 2, 3}))
                        .setAddressHash(addressHash)
                        .build())
                .build();
    }

    private static ChangeDevice register(String deviceId, String addressHash, Instant issuedAt) {
        ChangeDevice change = register(deviceId, addressHash);
        change.setIssuedAt(issuedAt);
        return change;
    }

    private static ChangeDevice rekey(String deviceId, String addressHash, Instant registeredAt) {
        ChangeDevice change = register(deviceId, addressHash);
        change.getPush().setKeyId("k2");
        change.getPush().setAddress(ByteBuffer.wrap(new byte[] {4}));
        change.getPush().setLocale("of nobody");
        change.setRekeysOf(registeredAt);
        return change;
    }

    private static ChangeDevice unregister(
            String deviceId, @Nullable String addressHash, @Nullable Instant registeredUpTo) {
        return ChangeDevice.newBuilder()
                .setDeviceId(deviceId)
                .setUnregisters(true)
                .setAddressHash(addressHash)
                .setRegisteredUpTo(registeredUpTo)
                .build();
    }

    private static ChangeDevice signOut(String deviceId) {
        return ChangeDevice.newBuilder().setDeviceId(deviceId).setSignsOut(true).build();
    }

    private <K extends LogKey, V extends SpecificRecord> List<V> written(TopicSpec<K, V> topic) {
        TestOutputTopic<K, V> output = driver.createOutputTopic(
                topic.name(), topic.keys().deserializer(), topic.values().deserializer());
        return output.readValuesToList();
    }

    private List<Delivery> deliveries() {
        return written(UserTopologyTest.TOPICS.deliveries());
    }

    /// What a reader of the topic has of each device, after all of it.
    private Map<DeviceKey, Device> published() {
        var topic = UserTopologyTest.TOPICS.devices();
        TestOutputTopic<DeviceKey, Device> output = driver.createOutputTopic(
                topic.name(), topic.keys().deserializer(), topic.values().deserializer());
        for (KeyValue<DeviceKey, Device> record : output.readKeyValuesToList()) {
            if (record.value == null) {
                view.remove(record.key);
            } else {
                view.put(record.key, record.value);
            }
        }
        return view;
    }

    private final Map<DeviceKey, Device> view = new HashMap<>();

    private Device phone() {
        return Objects.requireNonNull(published().get(new DeviceKey(ALICE, "phone")));
    }

    private KeyValueStore<UserKey, Device> owners() {
        return driver.getKeyValueStore(UserStores.ADDRESSES);
    }

    @Test
    void registrationIsPublishedAndAnswered() {
        pipe(ALICE, register("phone", "hash"));

        assertThat(published().get(new DeviceKey(ALICE, "phone"))).satisfies(device -> {
            assertThat(device.getPush().getRegisteredAt()).isEqualTo(UserTopologyTest.NOON);
            assertThat(device.getCreatedAt()).isEqualTo(UserTopologyTest.NOON);
            assertThat(device.getSignedOutAt()).isNull();
        });
        assertThat(deliveries()).singleElement().satisfies(delivery -> {
            assertThat(delivery.getRecipients()).containsExactly("alice");
            assertThat(delivery.getDevice()).isEqualTo(new ChangedDevice("phone", null));
            assertThat(delivery.getOutcome().getStatus()).isEqualTo("accepted");
        });
        assertThat(owners().get(AddressClaims.key("hash")).getUserId()).isEqualTo("alice");
    }

    @Test
    void addressMovesToWhoRegistersItLastAcrossTenants() {
        pipe(ALICE, register("phone", "hash"));
        driver.advanceWallClockTime(Duration.ofMillis(1));
        pipe(BOB, register("tablet", "hash"));

        assertThat(published()).containsOnlyKeys(new DeviceKey(BOB, "tablet"));
        assertThat(deliveries().stream().filter(delivery -> delivery.getTenant().equals("shop")))
                .extracting(Delivery::getDevice)
                .as("the former user's devices hear of it too")
                .containsExactly(new ChangedDevice("phone", null), new ChangedDevice("phone", null));

        driver.advanceWallClockTime(Duration.ofMillis(1));
        pipe(ALICE, register("phone", "hash"));
        assertThat(published()).containsOnlyKeys(new DeviceKey(ALICE, "phone"));
    }

    @Test
    void addressMovesBetweenDevicesOfOneUser() {
        pipe(ALICE, register("phone", "hash"));
        pipe(ALICE, register("phone-again", "hash"));

        assertThat(published()).containsOnlyKeys(new DeviceKey(ALICE, "phone-again"));
    }

    private static InboundCommand claim(UserKey user, String deviceId, String hash, Instant at, boolean releases) {
        InboundCommand claim = command(user, "push.claim");
        claim.setDevice(unregister(deviceId, hash, at));
        claim.getDevice().setUnregisters(releases);
        return claim;
    }

    /// Bob registered last, but his claim comes first: other partitions have other paces.
    @Test
    void claimsThatCrossLeaveTheAddressToTheLaterRegistration() {
        pipe(ALICE, register("phone", "hash"));
        Instant later = UserTopologyTest.NOON.plusSeconds(5);
        pipe(AddressClaims.key("hash"), claim(BOB, "tablet", "hash", later, false));
        assertThat(published()).as("alice's went").isEmpty();

        pipe(AddressClaims.key("hash"), claim(ALICE, "phone", "hash", later.minusMillis(1), false));
        assertThat(owners().get(AddressClaims.key("hash")).getUserId()).isEqualTo("bob");

        driver.advanceWallClockTime(Duration.ofSeconds(5));
        pipe(ALICE, register("phone", "hash"));
        pipe(AddressClaims.key("hash"), claim(BOB, "tablet", "hash", later.minusMillis(1), false));
        assertThat(published()).containsOnlyKeys(new DeviceKey(ALICE, "phone"));
    }

    /// The removal names the registration that lost, not the device.
    @Test
    void laterRegistrationOfTheSameAddressOutlivesTheRemovalOfAnEarlierOne() {
        pipe(ALICE, register("phone", "hash"));
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        pipe(ALICE, register("phone", "hash"));

        pipe(ALICE, unregister("phone", "hash", UserTopologyTest.NOON));
        pipe(ALICE, unregister("phone", "another", null));
        assertThat(published()).containsOnlyKeys(new DeviceKey(ALICE, "phone"));
        assertThat(deliveries().getLast().getOutcome().getStatus()).isEqualTo("duplicate");

        pipe(ALICE, unregister("phone", "hash", UserTopologyTest.NOON.plusSeconds(1)));
        assertThat(published()).isEmpty();
        assertThat(owners().get(AddressClaims.key("hash"))).isNull();
    }

    @Test
    void addressesAreForgottenWithTheirRegistrations() {
        pipe(ALICE, register("phone", "one"));
        pipe(ALICE, register("phone", "two"));
        assertThat(owners().get(AddressClaims.key("one"))).isNull();
        assertThat(owners().get(AddressClaims.key("two"))).isNotNull();

        pipe(ALICE, unregister("phone", null, null));
        assertThat(owners().get(AddressClaims.key("two"))).isNull();

        pipe(ALICE, register("phone", "three"));
        pipe(ALICE, signOut("phone"));
        assertThat(owners().get(AddressClaims.key("three"))).isNull();
    }

    /// A release that comes late must not free what its device, or another one, has claimed since.
    @Test
    void releaseThatComesLateFreesNothing() {
        pipe(BOB, register("tablet", "hash"));
        pipe(AddressClaims.key("hash"), claim(ALICE, "phone", "hash", UserTopologyTest.NOON.plusSeconds(1), true));
        pipe(AddressClaims.key("hash"), claim(BOB, "tablet", "hash", UserTopologyTest.NOON.minusMillis(1), true));

        assertThat(owners().get(AddressClaims.key("hash")).getUserId()).isEqualTo("bob");
    }

    @Test
    void signOutEndsTheRegistrationAndIsRememberedForThirtyDays() {
        pipe(ALICE, register("phone", "hash"));
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        pipe(ALICE, signOut("phone"));
        pipe(ALICE, signOut("phone"));
        pipe(ALICE, signOut("unknown"));

        Instant second = UserTopologyTest.NOON.plusSeconds(1);
        assertThat(published().get(new DeviceKey(ALICE, "phone"))).satisfies(device -> {
            assertThat(device.getPush()).isNull();
            assertThat(device.getSignedOutAt())
                    .as("each is later than the one before")
                    .isEqualTo(second.plusMillis(1));
        });
        assertThat(deliveries())
                .extracting(
                        delivery -> delivery.getDevice().getDeviceId(),
                        delivery -> delivery.getDevice().getSignedOutAt())
                .containsExactly(
                        tuple("phone", null),
                        tuple("phone", second),
                        tuple("phone", second.plusMillis(1)),
                        tuple("unknown", second));

        Instant later = second.plusMillis(2);
        pipe(ALICE, register("phone", "hash", later));
        assertThat(published().get(new DeviceKey(ALICE, "phone")))
                .as("its earlier tokens stay refused")
                .extracting(Device::getSignedOutAt)
                .isNotNull();

        pipe(ALICE, unregister("phone", null, null));
        assertThat(published().get(new DeviceKey(ALICE, "phone")))
                .extracting(Device::getSignedOutAt)
                .isNotNull();

        pipe(ALICE, register("phone", "hash", later));
        driver.advanceWallClockTime(DeviceRules.SIGNED_OUT_LIFE);
        assertThat(published()).containsOnlyKeys(new DeviceKey(ALICE, "phone"));
    }

    /// Its gateway had not heard of the sign-out yet.
    @Test
    void registrationThatASignOutOvertookIsRefused() {
        Instant issuedAt = UserTopologyTest.NOON.minusSeconds(60);
        pipe(ALICE, register("phone", "hash", issuedAt));
        pipe(ALICE, signOut("phone"));
        deliveries();

        pipe(ALICE, register("phone", "hash", issuedAt));
        pipe(ALICE, register("phone", "hash", Instant.EPOCH));
        pipe(ALICE, register("phone", "hash", UserTopologyTest.NOON));

        assertThat(deliveries()).allSatisfy(delivery -> {
            assertThat(delivery.getOutcome().getCode()).isEqualTo("UNAUTHORIZED");
            assertThat(delivery.getRecipients()).isEmpty();
        });
        assertThat(phone().getPush()).isNull();
        assertThat(owners().get(AddressClaims.key("hash"))).isNull();

        pipe(ALICE, register("phone", "hash"));
        assertThat(phone().getPush())
                .as("a gateway of the version before has compared the token with what it saw")
                .isNotNull();
    }

    @Test
    void addressUnderAnotherKeyChangesNothingElseAndNotifiesNobody() {
        pipe(ALICE, register("phone", "hash"));
        deliveries();
        driver.advanceWallClockTime(Duration.ofSeconds(1));

        pipe(ALICE, rekey("phone", "hash", UserTopologyTest.NOON.minusMillis(1)));
        pipe(ALICE, rekey("phone", "another", UserTopologyTest.NOON));
        pipe(ALICE, rekey("tablet", "hash", UserTopologyTest.NOON));
        assertThat(published().values())
                .extracting(device -> device.getPush().getKeyId())
                .containsExactly("k1");

        pipe(ALICE, rekey("phone", "hash", UserTopologyTest.NOON));
        pipe(ALICE, rekey("phone", "hash", UserTopologyTest.NOON));
        assertThat(phone().getPush()).satisfies(push -> {
            assertThat(push.getKeyId()).isEqualTo("k2");
            assertThat(push.getAddress()).isEqualTo(ByteBuffer.wrap(new byte[] {4}));
            assertThat(push.getRegisteredAt()).isEqualTo(UserTopologyTest.NOON);
            assertThat(push.getLocale()).isNull();
        });
        assertThat(deliveries())
                .allSatisfy(delivery -> assertThat(delivery.getRecipients()).isEmpty());
        assertThat(owners().get(AddressClaims.key("hash")).getCreatedAt()).isEqualTo(UserTopologyTest.NOON);
    }

    @Test
    void connectionThatIsNoDeviceEndsAndNothingIsKept() {
        pipe(ALICE, signOut("~conn_1"));

        assertThat(published()).isEmpty();
        assertThat(deliveries()).singleElement().satisfies(delivery -> {
            assertThat(delivery.getDevice()).isEqualTo(new ChangedDevice("~conn_1", UserTopologyTest.NOON));
            assertThat(delivery.getRecipients()).containsExactly("alice");
        });
    }

    @Test
    void registrationThatIsNotRepeatedEndsAfterItsLife() {
        pipe(ALICE, register("phone", "one"));
        driver.advanceWallClockTime(Duration.ofDays(80));
        pipe(ALICE, register("tablet", "two"));

        driver.advanceWallClockTime(Duration.ofDays(10));

        assertThat(published()).containsOnlyKeys(new DeviceKey(ALICE, "tablet"));
        assertThat(owners().get(AddressClaims.key("one"))).isNull();
    }

    @Test
    void moreDevicesThanTheBoundAreRefusedAndTheKnownOnesGoOn() {
        for (int i = 0; i < DeviceRules.DEVICES_MAX; i++) {
            pipe(ALICE, register("d" + i, "h" + i));
        }
        pipe(ALICE, signOut("signed-out"));
        deliveries();

        pipe(ALICE, register("one-more", "hash"));
        pipe(ALICE, register("d0", "new"));
        pipe(ALICE, unregister("d1", null, null));
        pipe(ALICE, register("one-more", "hash"));

        assertThat(deliveries())
                .extracting(delivery -> delivery.getOutcome().getCode())
                .containsExactly("TOO_LARGE", null, null, null);
    }

    @Test
    void moreSignOutsThanTheBoundDropTheEarliest() {
        for (int i = 0; i < 1_001; i++) {
            pipe(ALICE, signOut("d" + i));
            driver.advanceWallClockTime(Duration.ofMillis(1));
        }

        assertThat(published())
                .hasSize(1_000)
                .doesNotContainKey(new DeviceKey(ALICE, "d0"))
                .containsKey(new DeviceKey(ALICE, "d1000"));

        pipe(ALICE, register("last", "hash"));
        pipe(ALICE, signOut("last"));

        assertThat(published())
                .as("one that was registered counts, too")
                .hasSize(1_000)
                .doesNotContainKey(new DeviceKey(ALICE, "d1"))
                .containsKey(new DeviceKey(ALICE, "last"));
    }

    @Test
    void settingsAndProfileDoNotLoseEachOther() {
        NotificationSettings settings =
                new NotificationSettings("mentions", "sender", new QuietHours("22:00", "07:00", null));
        InboundCommand notifications = command(ALICE, "user.notifications");
        notifications.setNotifications(settings);
        InboundCommand profile = command(ALICE, "user.profile");
        profile.setProfile(new ChangeProfile("Alice", null, null));

        pipe(ALICE, notifications);
        pipe(ALICE, notifications);
        pipe(ALICE, profile);
        pipe(ALICE, notifications);

        assertThat(written(UserTopologyTest.TOPICS.users()))
                .extracting(User::getName, User::getNotifications, User::getUpdatedAt)
                .containsExactly(tuple(null, settings, Instant.EPOCH), tuple("Alice", settings, UserTopologyTest.NOON));
        assertThat(deliveries())
                .extracting(
                        delivery -> delivery.getOutcome().getStatus(),
                        delivery -> delivery.getUser().getNotifications())
                .as("a profile is shown to others, without the settings")
                .containsExactly(
                        tuple("accepted", settings),
                        tuple("duplicate", settings),
                        tuple("accepted", null),
                        tuple("duplicate", settings));
    }

    @Test
    void whatCannotBeHandledBecomesADeadLetter() {
        pipe(ALICE, command(ALICE, "user.device"));
        pipe(ALICE, register("no id", "hash"));
        pipe(ALICE, register("~conn_1", "hash"));
        pipe(ALICE, ChangeDevice.newBuilder().setDeviceId("phone").build());
        pipe(ALICE, command(ALICE, "user.notifications"));
        pipe(ALICE, claim(ALICE, "phone", "hash", UserTopologyTest.NOON, false));
        pipe(AddressClaims.key("hash"), command(ALICE, "push.claim"));
        pipe(AddressClaims.key("other"), claim(ALICE, "phone", "hash", UserTopologyTest.NOON, false));

        assertThat(written(UserTopologyTest.TOPICS.deadLetters()))
                .extracting(letter -> letter.getReason().split(" ", 2)[0])
                .containsExactly(
                        "device:",
                        "device.deviceId:",
                        "device.deviceId:",
                        "device.push:",
                        "notifications:",
                        "key:",
                        "device:",
                        "key:");
        assertThat(published()).isEmpty();
    }
}
