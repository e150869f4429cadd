package chat.milena.conversation.person;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.command.Answer;
import chat.milena.conversation.person.DeviceRules.Decision;
import chat.milena.conversation.person.UserCommand.OfDevice;
import chat.milena.schemas.avro.Device;
import chat.milena.schemas.avro.PushRegistration;
import chat.milena.schemas.word.ErrorCode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random interleavings of the commands of one device. A registration waits in the log for any time, so its token
/// may be older than a sign-out that is handled before it.
class DeviceRulesPropertyTest {
    private static final DeviceRules.Named PHONE = new DeviceRules.Named("shop", "alice", "phone");
    private static final int STEPS = 200;

    static List<Long> seeds() {
        return new Random(20_261_130).longs(200).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noRegistrationComesBackWithATokenFromBeforeTheSignOut(long seed) {
        History history = new History(new Random(seed));
        for (int i = 0; i < STEPS; i++) {
            history.step();
        }
    }

    /// A registration that is on its way.
    private record Sent(OfDevice command, Instant issuedAt) {}

    private static final class History {
        private final Random random;
        private final List<Sent> onTheirWay = new ArrayList<>();
        private Instant now = Instant.parse("2026-01-01T12:00:00Z");
        private @Nullable Device device;
        /// When the token of the present registration was issued.
        private Instant registeredBy = Instant.EPOCH;

        private History(Random random) {
            this.random = random;
        }

        private void step() {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> send();
                case 3, 4, 5 -> arrives();
                case 6 -> decide(new UserCommand.SignOut("phone"));
                case 7 -> decide(new UserCommand.Unregister("phone", null, random.nextBoolean() ? null : now));
                case 8 -> rekey();
                default -> now = now.plusMillis(random.nextInt(3));
            }
            if (device != null && device.getPush() != null && device.getSignedOutAt() != null) {
                assertThat(registeredBy).isAfter(device.getSignedOutAt());
            }
        }

        private void send() {
            // Some do not say when they were issued.
            Instant issuedAt = random.nextInt(10) == 0 ? Instant.EPOCH : now.minusMillis(random.nextInt(5));
            onTheirWay.add(new Sent(new UserCommand.Register("phone", push("k1", now), issuedAt), issuedAt));
        }

        private void arrives() {
            if (onTheirWay.isEmpty()) {
                return;
            }
            Sent sent = onTheirWay.remove(random.nextInt(onTheirWay.size()));
            Instant signedOutAt = device == null ? null : device.getSignedOutAt();
            boolean isGood = signedOutAt == null || sent.issuedAt().isAfter(signedOutAt);
            Answer answer = decide(sent.command());
            if (isGood) {
                assertThat(answer).isInstanceOf(Answer.Accepted.class);
                registeredBy = sent.issuedAt();
            } else {
                assertThat(answer).isEqualTo(new Answer.Rejected(ErrorCode.UNAUTHORIZED, "the device was signed out"));
            }
        }

        /// Also for registrations that have gone or were replaced.
        private void rekey() {
            Instant registeredAt = device == null || device.getPush() == null || random.nextBoolean()
                    ? now.minusMillis(random.nextInt(5))
                    : device.getPush().getRegisteredAt();
            Device before = device;
            PushRegistration former = before == null ? null : before.getPush();
            decide(new UserCommand.Rekey("phone", push("k2", Instant.EPOCH), registeredAt));
            boolean isSame = former != null && former.getRegisteredAt().equals(registeredAt);
            if (former == null || !isSame) {
                assertThat(device).isEqualTo(before);
            } else {
                PushRegistration rekeyed = requireNonNull(requireNonNull(device).getPush());
                assertThat(rekeyed.getKeyId()).isEqualTo("k2");
                assertThat(rekeyed.getRegisteredAt()).isEqualTo(registeredAt);
            }
        }

        private Answer decide(OfDevice command) {
            Decision decision = DeviceRules.decide(PHONE, device, () -> 0, command, now);
            if (decision.isChange()) {
                device = decision.next();
            } else {
                assertThat(decision.next()).isEqualTo(device);
            }
            return decision.answer();
        }
    }

    private static PushRegistration push(String keyId, Instant registeredAt) {
        return PushRegistration.newBuilder()
                .setPlatform("fcm")
                .setKeyId(keyId)
                .setAddress(ByteBuffer.wrap(new byte[] {1}))
                .setAddressHash("hash")
                .setRegisteredAt(registeredAt)
                .build();
    }
}
