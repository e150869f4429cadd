package chat.milena.topology.users;

import chat.milena.conversation.command.Answer;
import chat.milena.conversation.person.DeviceRules;
import chat.milena.schemas.avro.ChangeDevice;
import chat.milena.schemas.avro.ChangedDevice;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.Device;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.PushRegistration;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Saves and publishes the devices of users, notifies the other devices, and claims the addresses of registrations.
/// The only class that writes devices. For the stream thread.
final class DeviceWriter {
    /// Signed-out devices of a user that are remembered; beyond it, the earliest is forgotten.
    private static final int SIGNED_OUT_MAX = 1_000;

    /// Devices in one look for old ones.
    private static final int AGED_A_LOOK = 1_000;

    private static final Serializer<byte[]> PREFIX = new ByteArraySerializer();

    private final UserOutput output;
    private final KeyValueStore<DeviceKey, Device> devices;
    private final Duration registrationLife;
    private @Nullable DeviceKey agedUpTo;

    /// @param registrationLife how long a registration counts that is not repeated
    DeviceWriter(UserOutput output, Duration registrationLife) {
        this.output = output;
        this.devices = output.store(UserStores.DEVICES);
        this.registrationLife = registrationLife;
    }

    @Nullable
    Device device(DeviceKey key) {
        return devices.get(key);
    }

    /// How many devices of a user are registered.
    int registered(UserKey user) {
        return (int)
                all(user).stream().filter(device -> device.getPush() != null).count();
    }

    private List<Device> all(UserKey user) {
        List<Device> all = new ArrayList<>();
        try (KeyValueIterator<DeviceKey, Device> range = devices.prefixScan(DeviceKey.prefix(user), PREFIX)) {
            range.forEachRemaining(entry -> all.add(entry.value));
        }
        return all;
    }

    /// Applies a decision on a device, and answers.
    void apply(InboundCommand inbound, DeviceKey key, DeviceRules.Decision decision, Instant now) {
        Device before = devices.get(key);
        Device next = decision.next();
        if (decision.isChange()) {
            boolean wasSignedOut = before != null && before.getPush() == null;
            if (next != null && next.getPush() == null && !wasSignedOut) {
                makeRoom(key.user(), now);
            }
            save(key, before, next, now);
        }
        Delivery delivery = UserOutput.delivery(inbound, decision.answer());
        // Nobody sees which key an address is encrypted with.
        boolean isSeen = decision.isChange() && inbound.getDevice().getRekeysOf() == null;
        delivery.setRecipients(isSeen ? List.of(key.user().userId()) : List.of());
        boolean signsOut = inbound.getDevice().getSignsOut();
        delivery.setDevice(new ChangedDevice(key.deviceId(), next != null && signsOut ? next.getSignedOutAt() : null));
        output.deliver(key.user(), delivery, now);
    }

    /// Ends one connection, of which nothing is kept.
    void endConnection(InboundCommand inbound, DeviceKey key, Instant now) {
        Delivery delivery = UserOutput.delivery(inbound, new Answer.Accepted(0, now));
        delivery.setRecipients(List.of(key.user().userId()));
        delivery.setDevice(new ChangedDevice(key.deviceId(), now));
        output.deliver(key.user(), delivery, now);
    }

    private void save(DeviceKey key, @Nullable Device before, @Nullable Device next, Instant now) {
        devices.put(key, next);
        output.emit(UserTopology.DEVICES, key, next, now);
        PushRegistration former = before == null ? null : before.getPush();
        PushRegistration push = next == null ? null : next.getPush();
        if (former != null && (push == null || !push.getAddressHash().equals(former.getAddressHash()))) {
            claim(key, former, true, now);
        }
        if (push != null
                && (former == null
                        || !push.getAddressHash().equals(former.getAddressHash())
                        || !push.getRegisteredAt().equals(former.getRegisteredAt()))) {
            claim(key, push, false, now);
        }
    }

    /// Who has an address is decided under the key of the address, in another partition: it is sent there in this
    /// transaction.
    private void claim(DeviceKey key, PushRegistration push, boolean releases, Instant now) {
        InboundCommand command = UserOutput.claim(key.user(), now);
        command.setDevice(ChangeDevice.newBuilder()
                .setDeviceId(key.deviceId())
                .setUnregisters(releases)
                .setAddressHash(push.getAddressHash())
                .setRegisteredUpTo(push.getRegisteredAt())
                .build());
        output.emit(UserTopology.AGAIN, AddressClaims.key(push.getAddressHash()), command, now);
    }

    private void makeRoom(UserKey user, Instant now) {
        List<Device> signedOut = all(user).stream()
                .filter(device -> device.getPush() == null)
                .sorted(Comparator.comparing(Device::getSignedOutAt))
                .toList();
        for (int i = 0; i <= signedOut.size() - SIGNED_OUT_MAX; i++) {
            Device first = signedOut.get(i);
            save(new DeviceKey(user, first.getDeviceId()), first, null, now);
        }
    }

    /// Forgets devices that are too old, a part of all at a time.
    void age(Instant now) {
        List<DeviceKey> found = new ArrayList<>();
        int seen = 0;
        try (KeyValueIterator<DeviceKey, Device> range = devices.range(agedUpTo, null)) {
            while (range.hasNext() && seen < AGED_A_LOOK) {
                var entry = range.next();
                seen++;
                agedUpTo = entry.key;
                if (!entry.value.equals(DeviceRules.aged(entry.value, registrationLife, now))) {
                    found.add(entry.key);
                }
            }
            if (!range.hasNext()) {
                agedUpTo = null;
            }
        }
        for (DeviceKey key : found) {
            Device before = devices.get(key);
            save(key, before, DeviceRules.aged(before, registrationLife, now), now);
        }
    }
}
