package chat.milena.conversation.rules;

import chat.milena.schemas.avro.Content;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The hash of a message's content, for comparison with a later one. Pure.
final class ContentHash {
    private static final int BYTES = 16;
    private static final byte ABSENT = 0;
    private static final byte PRESENT = 1;

    private ContentHash() {}

    /// Equal only for equal content.
    static String of(Content content) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
        add(digest, content.getType());
        add(digest, content.getText());
        add(digest, content.getMediaUrl());
        add(digest, content.getMetadata());
        // Left out without mentions, as before mentions existed.
        if (content.getMentions() != null) {
            add(digest, Boolean.toString(content.getMentions().getAll()));
            content.getMentions().getUserIds().forEach(userId -> add(digest, userId));
        }
        byte[] hash = new byte[BYTES];
        System.arraycopy(digest.digest(), 0, hash, 0, BYTES);
        return Base64.getEncoder().withoutPadding().encodeToString(hash);
    }

    /// With its length before it, so that no two fields look like two others.
    private static void add(MessageDigest digest, @Nullable String text) {
        if (text == null) {
            digest.update(ABSENT);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(PRESENT);
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            digest.update((byte) (bytes.length >>> shift));
        }
        digest.update(bytes);
    }
}
