package chat.milena.gateway.rest;

import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.Outcome;
import chat.milena.gateway.command.Outcome.Accepted;
import chat.milena.gateway.command.Outcome.Duplicate;
import chat.milena.gateway.command.Outcome.Rejected;
import chat.milena.gateway.device.DeviceQuery;
import chat.milena.gateway.device.RegistrationReader;
import chat.milena.gateway.device.RegistrationReader.Registration;
import chat.milena.gateway.rest.CommandCall.RefusedException;
import chat.milena.gateway.rest.CommandCall.UnansweredException;
import chat.milena.protocol.call.CallRefused;
import chat.milena.protocol.call.DeviceRecords;
import chat.milena.protocol.call.DeviceRecords.Kept;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.protocol.read.Devices;
import chat.milena.runtime.config.PushKeys;
import chat.milena.runtime.config.Sealed;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.runtime.token.InvalidTokenException;
import chat.milena.schemas.avro.ChangeDevice;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.PushRegistration;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.util.StatusCodes;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;

/// The calls that register a device for push, and that end it. Safe for all threads; blocks while it waits for the
/// outcome.
///
/// A registration is encrypted before it is appended, so it is nowhere in the clear. The same again appends nothing,
/// except once a day, which shows that the device is in use.
final class RestDevices {
    private static final Duration REPEATED_AFTER = Duration.ofDays(1);
    private static final String CONNECTION = "~";
    private static final HttpAnswer NO_DEVICE_ID =
            HttpAnswer.error(ErrorCode.INVALID_REQUEST, "deviceId: must be 1 to 64 of A-Z a-z 0-9 _ . -");
    private static final HttpAnswer NO_KEYS = HttpAnswer.error(ErrorCode.UNAVAILABLE, "push has no keys here");

    private final CommandFactory commands;
    private final CommandCall log;
    private final RestApi.DeviceBacking backing;
    private final RegistrationReader reader;
    private final Clock clock;

    RestDevices(CommandFactory commands, CommandCall log, RestApi.DeviceBacking backing, Clock clock) {
        this.commands = commands;
        this.log = log;
        this.backing = backing;
        this.reader = new RegistrationReader(backing.push());
        this.clock = clock;
    }

    /// `PUT /api/v1/devices/{deviceId}`.
    HttpAnswer put(RestCall call) throws UnansweredException {
        if (!Ids.isValid(call.deviceId())) {
            return NO_DEVICE_ID;
        }
        checkDevice(call);
        return switch (reader.read(call.body(), call.origin())) {
            case RegistrationReader.Rejected(CallRefused why) ->
                HttpAnswer.refused(CallRefused.status(why.error()), why);
            case Registration registration -> {
                PushKeys keys = backing.push().keys();
                yield keys == null ? NO_KEYS : register(call, registration, keys);
            }
        };
    }

    private HttpAnswer register(RestCall call, Registration registration, PushKeys keys) throws UnansweredException {
        InboundCommand command = command(
                call,
                device(call).setIssuedAt(Objects.requireNonNullElse(call.token().issuedAt(), Instant.EPOCH)));
        Outcome outcome = log.ask(call.caller(), command, charged -> complete(call, registration, keys, charged));
        return switch (outcome) {
            case Accepted accepted -> shown(call);
            case Duplicate duplicate -> shown(call);
            case Rejected rejected ->
                rejected.code() == ErrorCode.UNAUTHORIZED
                        ? HttpAnswer.unauthorized(CloseCode.SIGNED_OUT, rejected.reason())
                        : OutcomeAnswers.rejected(rejected);
        };
    }

    /// Looks up what the log does not know, once the caller has been charged.
    private void complete(RestCall call, Registration registration, PushKeys keys, InboundCommand command)
            throws RefusedException {
        CallRefused unreachable = reader.unreachable(registration);
        if (unreachable != null) {
            throw new RefusedException(HttpAnswer.refused(CallRefused.status(unreachable.error()), unreachable));
        }
        UserKey user = call.caller().user();
        Kept kept = kept(user, call.deviceId());
        checkSignOut(call, kept);
        DeviceRecords.Registration former = kept.push();
        String aad = PushKeys.aad(
                user.tenant(),
                user.userId(),
                call.deviceId(),
                registration.platform().word());
        if (former != null
                && isSame(former, registration, keys, aad)
                && clock.millis() < former.registeredAt() + REPEATED_AFTER.toMillis()) {
            throw new RefusedException(shown(call));
        }
        command.getDevice().setPush(sealed(registration, keys, aad));
    }

    /// The line of the device, which includes the change.
    private HttpAnswer shown(RestCall call) {
        return switch (backing.query().line(call.caller().user(), call.deviceId())) {
            case DeviceQuery.Found<Devices.DeviceLine>(var line) ->
                HttpAnswer.of(StatusCodes.OK, ProtocolJson.bytes(line));
            case DeviceQuery.Refused<Devices.DeviceLine>(var code, var reason) -> HttpAnswer.error(code, reason);
            case DeviceQuery.Unavailable<Devices.DeviceLine> away ->
                HttpAnswer.error(ErrorCode.UNAVAILABLE, "registered, but not to be read now; safe to retry");
        };
    }

    /// `DELETE /api/v1/devices/{deviceId}/push`.
    HttpAnswer unregister(RestCall call) throws UnansweredException {
        if (!Ids.isValid(call.deviceId())) {
            return NO_DEVICE_ID;
        }
        checkDevice(call);
        return done(log.ask(call.caller(), command(call, device(call).setUnregisters(true))));
    }

    /// `DELETE /api/v1/devices/{deviceId}`.
    HttpAnswer signOut(RestCall call) throws UnansweredException {
        String id = call.deviceId();
        if (!Ids.isValid(id.startsWith(CONNECTION) ? id.substring(CONNECTION.length()) : id)) {
            return NO_DEVICE_ID;
        }
        checkDevice(call);
        return done(log.ask(call.caller(), command(call, device(call).setSignsOut(true))));
    }

    private static HttpAnswer done(Outcome outcome) {
        return OutcomeAnswers.of(outcome, _ -> HttpAnswer.empty());
    }

    /// A token may be good for one device alone.
    private static void checkDevice(RestCall call) throws RefusedException {
        try {
            call.token().device(call.deviceId());
        } catch (InvalidTokenException e) {
            throw new RefusedException(HttpAnswer.unauthorized(e.closeCode(), e.getMessage()));
        }
    }

    private static void checkSignOut(RestCall call, Kept kept) throws RefusedException {
        try {
            call.token().checkSignOut(kept.signOut());
        } catch (InvalidTokenException e) {
            throw new RefusedException(HttpAnswer.unauthorized(e.closeCode(), e.getMessage()));
        }
    }

    private Kept kept(UserKey user, String deviceId) throws RefusedException {
        return switch (backing.query().device(user, deviceId)) {
            case DeviceQuery.Found<Kept>(var kept) -> kept;
            case DeviceQuery.Refused<Kept> nobody -> Kept.nothing(deviceId);
            case DeviceQuery.Unavailable<Kept> away ->
                throw new RefusedException(
                        HttpAnswer.error(ErrorCode.UNAVAILABLE, "the state of the device is not known now"));
        };
    }

    private static boolean isSame(DeviceRecords.Registration former, Registration asked, PushKeys keys, String aad) {
        Devices.DevicePush shown = former.shown();
        return keys.isFirst(former.keyId())
                && shown.platform().equals(asked.platform().word())
                && Objects.equals(shown.appId(), asked.appId())
                && Objects.equals(shown.environment(), asked.environment())
                && Objects.equals(shown.locale(), asked.words().locale())
                && Objects.equals(shown.timeZone(), asked.words().timeZone())
                && Objects.equals(former.vapidKey(), asked.vapidKey())
                && Objects.equals(former.navigate(), asked.navigate())
                && keys.open(former.keyId(), former.address(), aad)
                        .filter(plain -> Arrays.equals(plain, asked.plain()))
                        .isPresent();
    }

    private static PushRegistration sealed(Registration registration, PushKeys keys, String aad) {
        Sealed sealed = keys.seal(registration.plain(), aad);
        PushRegistration push = new PushRegistration();
        push.setPlatform(registration.platform().word());
        push.setKeyId(sealed.keyId());
        push.setAddress(ByteBuffer.wrap(sealed.bytes()));
        push.setAddressHash(keys.index(registration.address().toArray(String[]::new)));
        push.setAppId(registration.appId());
        push.setEnvironment(registration.environment());
        push.setLocale(registration.words().locale());
        push.setTimeZone(registration.words().timeZone());
        push.setVapidKey(registration.vapidKey());
        push.setNavigate(registration.navigate());
        push.setRegisteredAt(Instant.EPOCH);
        return push;
    }

    private static ChangeDevice.Builder device(RestCall call) {
        return ChangeDevice.newBuilder().setDeviceId(call.deviceId());
    }

    private InboundCommand command(RestCall call, ChangeDevice.Builder change) {
        return commands.device(call.caller(), CommandFactory.NO_CONNECTION, change.build());
    }
}
