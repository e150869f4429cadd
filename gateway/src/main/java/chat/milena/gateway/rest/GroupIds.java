package chat.milena.gateway.rest;

import chat.milena.schemas.key.UserKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/// What new groups are called: 128 bits that nobody can guess, or that follow from who asks and their key.
final class GroupIds {
    private static final String PREFIX = "grp_";
    private static final int BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private GroupIds() {}

    /// A new id each time.
    static String random() {
        byte[] id = new byte[BYTES];
        RANDOM.nextBytes(id);
        return PREFIX + HexFormat.of().formatHex(id);
    }

    /// The same id for the same user and key, and no other's.
    static String of(UserKey creator, String idempotencyKey) {
        try {
            byte[] text = String.join("\0", creator.tenant(), creator.userId(), idempotencyKey)
                    .getBytes(StandardCharsets.UTF_8);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
            return PREFIX + HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has SHA-256", e);
        }
    }
}
