package chat.milena.protocol.call;

import chat.milena.protocol.read.Devices;
import chat.milena.schemas.avro.Device;
import chat.milena.schemas.avro.PushRegistration;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is kept of devices, between processes of an installation. Tokens are encrypted in it. No client sees it.
public final class DeviceRecords {
    private DeviceRecords() {}

    /// The registered devices of a user.
    public record Registered(List<Kept> devices) {}

    /// One device.
    ///
    /// @param createdAt when it was first registered or signed out; null if nothing is kept of it
    /// @param signedOutAt milliseconds since 1970; null if it was not
    /// @param push null if it is not registered
    public record Kept(
            String deviceId,
            @Nullable String createdAt,
            @Nullable Long signedOutAt,
            @Nullable Registration push) {

        /// A device of which nothing is kept.
        public static Kept nothing(String deviceId) {
            return new Kept(deviceId, null, null, null);
        }

        /// From the log.
        public static Kept of(Device device) {
            Instant signedOutAt = device.getSignedOutAt();
            return new Kept(
                    device.getDeviceId(),
                    device.getCreatedAt().toString(),
                    signedOutAt == null ? null : signedOutAt.toEpochMilli(),
                    device.getPush() == null ? null : registration(device.getPush()));
        }

        /// When it was last signed out; null if it was not.
        public @Nullable Instant signOut() {
            return signedOutAt == null ? null : Instant.ofEpochMilli(signedOutAt);
        }
    }

    /// A registration.
    ///
    /// @param registeredAt milliseconds since 1970
    /// @param keyId the key that the address is encrypted with
    @SuppressWarnings("ArrayRecordComponent") // carried, never compared
    public record Registration(
            Devices.DevicePush shown,
            long registeredAt,
            @Nullable String vapidKey,
            @Nullable String navigate,
            String keyId,
            byte[] address) {

        @Override
        public String toString() {
            return "Registration[" + shown.platform() + "]";
        }
    }

    private static Registration registration(PushRegistration push) {
        ByteBuffer sealed = push.getAddress().duplicate();
        byte[] address = new byte[sealed.remaining()];
        sealed.get(address);
        return new Registration(
                new Devices.DevicePush(
                        push.getPlatform(),
                        push.getAppId(),
                        push.getEnvironment(),
                        push.getLocale(),
                        push.getTimeZone(),
                        push.getRegisteredAt().toString()),
                push.getRegisteredAt().toEpochMilli(),
                push.getVapidKey(),
                push.getNavigate(),
                push.getKeyId(),
                address);
    }
}
