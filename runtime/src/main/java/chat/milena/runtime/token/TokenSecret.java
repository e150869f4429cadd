package chat.milena.runtime.token;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.SecretFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A key that signs and checks tokens, or that other secrets are derived from: at least 32 bytes. Immutable; its
/// text form hides it.
public final class TokenSecret {
    /// HS256 is as strong as its hash only from this length on.
    private static final int BYTES_MIN = 32;

    private final byte[] key;

    private TokenSecret(byte[] key) {
        this.key = key;
    }

    /// The secret that this base64url text (without padding) encodes.
    ///
    /// @throws IllegalArgumentException if it is no such text or under 32 bytes; the message does not hold it
    public static TokenSecret parse(String base64Url) {
        byte[] key;
        try {
            key = Base64.getUrlDecoder().decode(base64Url);
        } catch (IllegalArgumentException e) {
            // Neither the text nor the decoder's message, which quotes characters of it, may leave this method.
            throw new IllegalArgumentException("a token secret must be base64url text without padding");
        }
        if (key.length < BYTES_MIN) {
            throw new IllegalArgumentException("a token secret must be at least " + BYTES_MIN + " bytes long");
        }
        return new TokenSecret(key);
    }

    /// A new random secret of 32 bytes.
    public static TokenSecret random() {
        byte[] key = new byte[BYTES_MIN];
        new SecureRandom().nextBytes(key);
        return new TokenSecret(key);
    }

    /// The secret in this file. If the file does not exist, it is made, readable by its owner only. If several
    /// processes do so at the same time, one makes it and all get the same.
    ///
    /// @throws IOException if the file cannot be read or made, or holds no secret; the message names the file
    public static TokenSecret loadOrCreate(Path file) throws IOException {
        String text = SecretFile.readOrCreate(file, () -> random().toBase64Url());
        try {
            return parse(text);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " does not hold a token secret: " + e.getMessage(), e);
        }
    }

    /// Another secret that is derived from this one and reveals nothing about it (HKDF's expansion, RFC 5869, of
    /// one block).
    ///
    /// @param purpose what it is for; each purpose has its own
    public Secret derived(String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(purpose.getBytes(StandardCharsets.UTF_8));
            return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(new byte[] {1})));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every Java has HmacSHA256", e);
        }
    }

    byte[] key() {
        return key.clone();
    }

    String toBase64Url() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
    }

    @Override
    public String toString() {
        return "TokenSecret[hidden]";
    }
}
