package chat.milena.schemas.id;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// The alphabets of ids, and how ids that follow from others are made. Pure.
///
/// No id can hold a NUL byte or a separator, so ids join into keys without escaping.
public final class Ids {
    /// The tenant of a token that names none.
    public static final String DEFAULT_TENANT = "default";

    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Pattern MESSAGE = Pattern.compile("[A-Za-z0-9_.:-]{1,64}");
    private static final int DIRECT_ID_BYTES = 16;

    private Ids() {}

    /// Whether this may name a user, a tenant or a conversation.
    public static boolean isValid(String id) {
        return USER.matcher(id).matches();
    }

    /// Whether a client may call a message this.
    public static boolean isValidMessageId(String id) {
        return MESSAGE.matcher(id).matches();
    }

    /// The one direct conversation of two users of a tenant, whoever asks first.
    ///
    /// A cut SHA-256 of the tenant and the two, 128 bits: long enough that two pairs never meet.
    public static String directConversation(String tenant, String userId, String otherUserId) {
        boolean inOrder = userId.compareTo(otherUserId) <= 0;
        String first = inOrder ? userId : otherUserId;
        String second = inOrder ? otherUserId : userId;
        byte[] hash = sha256(String.join("\0", tenant, first, second));
        return "dir_" + HexFormat.of().formatHex(hash, 0, DIRECT_ID_BYTES);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has SHA-256", e);
        }
    }
}
