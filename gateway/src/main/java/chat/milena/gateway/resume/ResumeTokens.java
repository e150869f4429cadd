package chat.milena.gateway.resume;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.kafka.LogStart;
import chat.milena.schemas.key.UserKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Positions as text that clients keep and send back, to any gateway with the same secret: signed, for one user,
/// valid for as long as the deliveries are kept. Safe for all threads.
///
/// ```
/// version 1 · shards 4 · shard 4 · offset 8 · issued at 8 · HMAC-SHA256 of these and the user, cut to 16
/// ```
/// The user is not in it: another user's token has a wrong signature.
public final class ResumeTokens {
    /// The label from which the secret is derived.
    public static final String SECRET_PURPOSE = "milena resume tokens";

    private static final byte VERSION = 1;
    private static final int SIGNED_BYTES = 1 + 4 + 4 + 8 + 8;
    private static final int SIGNATURE_BYTES = 16;
    private static final int CHARS = (SIGNED_BYTES + SIGNATURE_BYTES + 2) / 3 * 4;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;
    private final Duration life;
    private final Clock clock;
    private final List<LogStart> starts;

    /// @param secret the same at all gateways of an installation
    /// @param life how old a token may be
    /// @param starts of the log; a token that one of them denies is of a log that an older copy has replaced
    public ResumeTokens(Secret secret, Duration life, Clock clock, List<LogStart> starts) {
        this.starts = List.copyOf(starts);
        this.key = new SecretKeySpec(secret.value().getBytes(StandardCharsets.UTF_8), ALGORITHM);
        this.life = life;
        this.clock = clock;
    }

    String write(UserKey user, ResumePosition position) {
        ByteBuffer token = ByteBuffer.allocate(SIGNED_BYTES + SIGNATURE_BYTES)
                .put(VERSION)
                .putInt(position.shards())
                .putInt(position.shard())
                .putLong(position.offset())
                .putLong(clock.millis());
        token.put(signature(Arrays.copyOf(token.array(), SIGNED_BYTES), user));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token.array());
    }

    /// The position in this token; null if it is invalid, another user's, too old, or of another log.
    @Nullable
    ResumePosition read(UserKey user, String text) {
        byte[] token = decoded(text);
        if (token == null || token.length != SIGNED_BYTES + SIGNATURE_BYTES) {
            return null;
        }
        byte[] signed = Arrays.copyOf(token, SIGNED_BYTES);
        byte[] signature = Arrays.copyOfRange(token, SIGNED_BYTES, token.length);
        if (!MessageDigest.isEqual(signature, signature(signed, user))) {
            return null;
        }
        ByteBuffer fields = ByteBuffer.wrap(signed);
        if (fields.get() != VERSION) {
            return null;
        }
        ResumePosition position = new ResumePosition(fields.getInt(), fields.getInt(), fields.getLong());
        long issuedAtMillis = fields.getLong();
        boolean isOver = clock.millis() - issuedAtMillis > life.toMillis();
        return isOver || isDenied(position, issuedAtMillis) ? null : position;
    }

    private boolean isDenied(ResumePosition position, long issuedAtMillis) {
        return starts.stream().anyMatch(start -> start.denies(position.shard(), position.offset(), issuedAtMillis));
    }

    private static byte @Nullable [] decoded(String text) {
        if (text.length() > CHARS) {
            return null;
        }
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private byte[] signature(byte[] signed, UserKey user) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(signed);
            mac.update(user.tenant().getBytes(StandardCharsets.UTF_8));
            // Occurs in no id, so that no two users have the same bytes.
            mac.update((byte) 0);
            mac.update(user.userId().getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(mac.doFinal(), SIGNATURE_BYTES);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every Java has " + ALGORITHM, e);
        }
    }
}
