package chat.milena.runtime.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The keys that push registrations are encrypted with, and the key that stands for equal addresses without
/// showing them. The same at all processes of an installation. Immutable, safe for all threads; its text form hides
/// the keys.
///
/// The file of keys has a line `kid:base64url(32 bytes)` for each key. The first one encrypts, all of them decrypt:
/// a new first line rotates the key. Encryption is AES-256-GCM with a random nonce of 96 bits. The index key does
/// not rotate: its hashes are the identity of addresses in the log.
public final class PushKeys {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,32}");
    private static final String FIRST_KEY_ID = "k1";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final String MAC = "HmacSHA256";

    private final Map<String, SecretKeySpec> keys;
    private final String first;
    private final SecretKeySpec firstKey;
    private final SecretKeySpec indexKey;
    private final SecureRandom random = new SecureRandom();

    private PushKeys(Map<String, SecretKeySpec> keys, SecretKeySpec indexKey) {
        this.keys = keys;
        Map.Entry<String, SecretKeySpec> encrypts = keys.entrySet().iterator().next();
        this.first = encrypts.getKey();
        this.firstKey = encrypts.getValue();
        this.indexKey = indexKey;
    }

    /// The keys in these files.
    ///
    /// @throws IOException if a file cannot be read or does not hold keys; the message names the file, never its
    ///     content
    public static PushKeys load(Path keys, Path indexKey) throws IOException {
        return new PushKeys(parseKeys(keys, SecretFile.read(keys)), parseIndexKey(indexKey, SecretFile.read(indexKey)));
    }

    /// The keys in these files. A file that does not exist is made with a new key, readable by its owner only.
    ///
    /// @throws IOException as of [#load], and if a file cannot be made
    public static PushKeys loadOrCreate(Path keys, Path indexKey) throws IOException {
        String freshKeys = SecretFile.readOrCreate(keys, () -> FIRST_KEY_ID + ":" + SecretFile.randomPassword());
        String freshIndex = SecretFile.readOrCreate(indexKey, SecretFile::randomPassword);
        return new PushKeys(parseKeys(keys, freshKeys), parseIndexKey(indexKey, freshIndex));
    }

    private static Map<String, SecretKeySpec> parseKeys(Path file, String text) throws IOException {
        Map<String, SecretKeySpec> keys = new LinkedHashMap<>();
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.isEmpty()) {
                continue;
            }
            int colon = line.indexOf(':');
            String keyId = line.substring(0, Math.max(colon, 0));
            byte[] key = decoded(line.substring(colon + 1));
            if (!KEY_ID.matcher(keyId).matches() || key.length != KEY_BYTES) {
                throw new IOException(file + " does not hold push keys: each line must be kid:base64url(32 bytes)");
            }
            if (keys.put(keyId, new SecretKeySpec(key, "AES")) != null) {
                throw new IOException(file + " holds the push key " + keyId + " twice");
            }
        }
        if (keys.isEmpty()) {
            throw new IOException(file + " holds no push key");
        }
        return keys;
    }

    private static SecretKeySpec parseIndexKey(Path file, String text) throws IOException {
        byte[] key = decoded(text);
        if (key.length != KEY_BYTES) {
            throw new IOException(file + " does not hold the index key of push: it must be base64url(32 bytes)");
        }
        return new SecretKeySpec(key, MAC);
    }

    /// Empty for what is no base64url: the message of the decoder would quote characters of a secret.
    private static byte[] decoded(String base64Url) {
        try {
            return Base64.getUrlDecoder().decode(base64Url);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /// What the encryption of a registration is bound to: moved to another place, it cannot be decrypted.
    public static String aad(String tenant, String userId, String deviceId, String platform) {
        return joined(tenant, userId, deviceId, platform);
    }

    /// Encrypts with the first key.
    ///
    /// @param aad what the result is bound to
    public Sealed seal(byte[] plain, String aad) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, firstKey, nonce, aad).doFinal(plain);
            return new Sealed(
                    first,
                    ByteBuffer.allocate(NONCE_BYTES + encrypted.length)
                            .put(nonce)
                            .put(encrypted)
                            .array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + CIPHER, e);
        }
    }

    /// The text that [#seal] encrypted; empty if the key is not known here, or if the bytes are not what was sealed
    /// for this `aad`.
    public Optional<byte[]> open(String keyId, byte[] sealed, String aad) {
        SecretKeySpec key = keys.get(keyId);
        if (key == null || sealed.length < NONCE_BYTES + TAG_BITS / 8) {
            return Optional.empty();
        }
        byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, key, nonce, aad)
                    .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + CIPHER, e);
        }
    }

    /// Whether a registration is encrypted with the present first key.
    public boolean isFirst(String keyId) {
        return first.equals(keyId);
    }

    /// Stands for these texts: equal for equal ones alone, and without the key it shows nothing of them.
    public String index(String... parts) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(indexKey);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(joined(parts).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every Java has " + MAC, e);
        }
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce, String aad)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(aad.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /// With the length before each, so that different texts never make the same.
    private static String joined(String... parts) {
        StringBuilder text = new StringBuilder();
        for (String part : parts) {
            text.append(part.length()).append(':').append(part);
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return "PushKeys[hidden]";
    }
}
