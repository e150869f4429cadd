package chat.milena.conversation.person;

import chat.milena.conversation.command.Answer;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.person.UserCommand.OfDevice;
import chat.milena.conversation.person.UserCommand.Register;
import chat.milena.conversation.person.UserCommand.Rekey;
import chat.milena.conversation.person.UserCommand.SignOut;
import chat.milena.conversation.person.UserCommand.Unregister;
import chat.milena.schemas.avro.Device;
import chat.milena.schemas.avro.PushRegistration;
import chat.milena.schemas.word.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Decides what a command does to a device of its user, and how long a device is remembered. Pure but for counting,
/// which it does where that matters.
///
/// Times of one device never go back, so a registration or a sign-out is always later than the one before.
public final class DeviceRules {
    /// Devices of one user.
    public static final int DEVICES_MAX = 100;

    /// How long a signed-out device is remembered.
    public static final Duration SIGNED_OUT_LIFE = Duration.ofDays(30);

    private static final Rejected FULL = new Rejected(
            ErrorCode.TOO_LARGE, "deviceId: must be one of at most " + DEVICES_MAX + " registered devices");
    private static final Rejected SIGNED_OUT = new Rejected(ErrorCode.UNAUTHORIZED, "the device was signed out");
    private static final Duration STEP = Duration.ofMillis(1);

    private DeviceRules() {}

    /// Which device it is.
    public record Named(String tenant, String userId, String deviceId) {}

    /// What comes of a command.
    ///
    /// @param answer accepted is a change
    /// @param next the device afterwards; null if nothing is kept of it
    public record Decision(Answer answer, @Nullable Device next) {
        public boolean isChange() {
            return answer instanceof Accepted;
        }
    }

    /// Decides.
    ///
    /// @param before null for a device of which nothing is kept
    /// @param registered counts the registered devices of the user
    public static Decision decide(
            Named named, @Nullable Device before, IntSupplier registered, OfDevice command, Instant now) {
        return switch (command) {
            case Register register -> register(named, before, registered, register, now);
            case Rekey rekey -> rekey(named, before, rekey, now);
            case Unregister unregister -> unregister(before, unregister, now);
            case SignOut(var deviceId) -> {
                Instant at = later(now, before == null ? null : before.getSignedOutAt());
                yield new Decision(new Accepted(0, at), device(named, before, null, at, now));
            }
        };
    }

    /// The gateway has compared the token with a view, which may not have shown the last sign-out yet.
    private static Decision register(
            Named named, @Nullable Device before, IntSupplier registered, Register command, Instant now) {
        Instant signedOutAt = before == null ? null : before.getSignedOutAt();
        if (signedOutAt != null
                && command.issuedAt() != null
                && !command.issuedAt().isAfter(signedOutAt)) {
            return new Decision(SIGNED_OUT, before);
        }
        PushRegistration former = before == null ? null : before.getPush();
        if (former == null && registered.getAsInt() >= DEVICES_MAX) {
            return new Decision(FULL, before);
        }
        Instant at = later(now, former == null ? null : former.getRegisteredAt());
        PushRegistration next =
                PushRegistration.newBuilder(command.push()).setRegisteredAt(at).build();
        return new Decision(new Accepted(0, at), device(named, before, next, signedOutAt, now));
    }

    private static Decision rekey(Named named, @Nullable Device before, Rekey command, Instant now) {
        PushRegistration former = before == null ? null : before.getPush();
        if (before == null
                || former == null
                || !former.getRegisteredAt().equals(command.registeredAt())
                || !former.getAddressHash().equals(command.push().getAddressHash())
                || former.getKeyId().equals(command.push().getKeyId())) {
            return new Decision(new Duplicate(0, now), before);
        }
        PushRegistration next = PushRegistration.newBuilder(former)
                .setKeyId(command.push().getKeyId())
                .setAddress(command.push().getAddress())
                .build();
        return new Decision(new Accepted(0, now), device(named, before, next, before.getSignedOutAt(), now));
    }

    private static Decision unregister(@Nullable Device before, Unregister command, Instant now) {
        PushRegistration push = before == null ? null : before.getPush();
        boolean goes = push != null
                && (command.addressHash() == null || command.addressHash().equals(push.getAddressHash()))
                && (command.registeredUpTo() == null || !push.getRegisteredAt().isAfter(command.registeredUpTo()));
        return before != null && goes
                ? new Decision(new Accepted(0, now), withoutPush(before))
                : new Decision(new Duplicate(0, now), before);
    }

    /// What is left of a device that nothing was heard of for long; the device itself if it is not that old.
    ///
    /// @param registrationLife how long a registration counts
    public static @Nullable Device aged(Device device, Duration registrationLife, Instant now) {
        Device left = device;
        PushRegistration push = device.getPush();
        if (push != null && isOver(push.getRegisteredAt(), registrationLife, now)) {
            left = withoutPush(device);
        }
        boolean forgotten = left != null
                && left.getPush() == null
                && (left.getSignedOutAt() == null || isOver(left.getSignedOutAt(), SIGNED_OUT_LIFE, now));
        return forgotten ? null : left;
    }

    private static boolean isOver(Instant from, Duration life, Instant now) {
        return !now.isBefore(from.plus(life));
    }

    private static @Nullable Device withoutPush(Device device) {
        return device.getSignedOutAt() == null
                ? null
                : new Device(
                        device.getTenant(),
                        device.getUserId(),
                        device.getDeviceId(),
                        device.getCreatedAt(),
                        null,
                        device.getSignedOutAt());
    }

    private static Device device(
            Named named,
            @Nullable Device before,
            @Nullable PushRegistration push,
            @Nullable Instant signedOutAt,
            Instant now) {
        return new Device(
                named.tenant(),
                named.userId(),
                named.deviceId(),
                before == null ? now : before.getCreatedAt(),
                push,
                signedOutAt);
    }

    private static Instant later(Instant now, @Nullable Instant before) {
        return before == null || now.isAfter(before) ? now : before.plus(STEP);
    }
}
