package chat.milena.runtime.token;

import chat.milena.runtime.config.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A key that signs and checks tokens, or that other secrets follow from: at least 32 bytes. Immutable; its text form
/// hides it.
public final class TokenSecret {
    /// HS256 is as strong as its hash only from this length on.
    private static final int BYTES_MIN = 32;

    private static final int FILE_BYTES_MAX = 1024;
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final byte[] key;

    private TokenSecret(byte[] key) {
        this.key = key;
    }

    /// The secret that this base64url text (without padding) stands for.
    ///
    /// @throws IllegalArgumentException if it is no such text or under 32 bytes; the message does not hold it
    public static TokenSecret parse(String base64Url) {
        byte[] key;
        try {
            key = Base64.getUrlDecoder().decode(base64Url);
        } catch (IllegalArgumentException e) {
            // Neither the text nor the decoder's message, which quotes characters of it, may travel on.
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

    /// The secret in this file, which is made, readable by its owner only, if there is none. Of several processes that
    /// do so at the same time, one makes it and all get the same.
    ///
    /// @throws IOException if the file cannot be read or made, or holds something else; the message names the file
    public static TokenSecret loadOrCreate(Path file) throws IOException {
        if (!Files.exists(file)) {
            create(file, random());
        }
        return load(file);
    }

    private static TokenSecret load(Path file) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new IOException(file + " does not hold a token secret: it is too long");
        }
        // Latin-1 decodes any byte, so that odd content is refused below and not by the reader.
        String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        try {
            return parse(text);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " does not hold a token secret: " + e.getMessage(), e);
        }
    }

    /// A link appears with all of its content or not at all, and never replaces what another process made first.
    private static void create(Path file, TokenSecret secret) throws IOException {
        Path whole =
                Files.createTempFile(file.toAbsolutePath().getParent(), file.getFileName() + ".", ".tmp", OWNER_ONLY);
        try {
            try (FileChannel channel = FileChannel.open(whole, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap((secret.toBase64Url() + "\n").getBytes(StandardCharsets.US_ASCII)));
                channel.force(true);
            }
            Files.createLink(file, whole);
        } catch (FileAlreadyExistsException e) {
            // Another process was first; its secret counts.
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    /// Another secret that follows from this one and tells nothing about it (HKDF's expansion, RFC 5869, of one block).
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
