package chat.milena.gateway.rest;

import chat.milena.runtime.config.Secret;
import chat.milena.schemas.key.UserKey;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The ids of new groups: 128 bits that nobody can guess. With an `Idempotency-Key` they are derived from the
/// creator, that key and a secret, so that a retry finds its group and nobody can choose an id. Immutable; safe
/// for all threads.
public final class GroupIds {
    /// The label from which the secret is derived.
    public static final String SECRET_PURPOSE = "milena group ids";

    private static final String PREFIX = "grp_";
    private static final int BYTES = 16;
    private static final String ALGORITHM = "HmacSHA256";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKeySpec secret;

    /// @param secret the same at all gateways of an installation, and after each restart
    GroupIds(Secret secret) {
        this.secret = new SecretKeySpec(secret.value().getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /// A new id each time.
    String random() {
        byte[] id = new byte[BYTES];
        RANDOM.nextBytes(id);
        return PREFIX + HexFormat.of().formatHex(id);
    }

    /// The same id for the same user and key, and no other's.
    String of(UserKey creator, String idempotencyKey) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            byte[] text = String.join("\0", creator.tenant(), creator.userId(), idempotencyKey)
                    .getBytes(StandardCharsets.UTF_8);
            return PREFIX + HexFormat.of().formatHex(mac.doFinal(text), 0, BYTES);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every Java has " + ALGORITHM, e);
        }
    }
}
