package chat.milena.schemas.id;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/// The alphabets of ids, and the computation of derived ids. Pure.
///
/// No id can hold a NUL byte or a separator, so ids join into keys without escaping.
public final class Ids {
    /// The list of the messages that mention everybody, in a conversation.
    public static final String MENTIONS_OF_ALL = "@";

    /// The list of the messages of a conversation that do not count any longer, or not yet, since they were
    /// deleted or are held for a moderator: those that had no `expiresAt`. No user has the id `@`.
    public static final String DELETED = "@@";

    /// The tenant of a token that names none.
    public static final String DEFAULT_TENANT = "default";

    /// In the place of a user: the moderation of a tenant.
    public static final String MODERATION = "moderation";

    /// In the place of a user who did something: the rules of moderation, the system and the host application.
    private static final Set<String> RESERVED = Set.of(MODERATION, "system", "host");

    private static final int LENGTH_MAX = 64;
    private static final int DIRECT_ID_BYTES = 16;

    private Ids() {}

    /// Whether this may be the id of a user, a tenant or a conversation.
    public static boolean isValid(String id) {
        return isOf(id, false);
    }

    /// Whether a user may have this id.
    public static boolean isValidUser(String id) {
        return isValid(id) && !RESERVED.contains(id);
    }

    /// Whether this may be the id of a message.
    public static boolean isValidMessageId(String id) {
        return isOf(id, true);
    }

    /// A loop, not a pattern: this is in the path of every frame.
    private static boolean isOf(String id, boolean colons) {
        if (id.isEmpty() || id.length() > LENGTH_MAX) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean allowed = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '_'
                    || c == '.'
                    || c == '-'
                    || (colons && c == ':');
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    /// The one direct conversation of two users of a tenant, whichever of them starts it.
    ///
    /// A cut SHA-256 of the tenant and the two, 128 bits: long enough that two pairs never collide.
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

    /// The list of the messages that mention this user, in a conversation.
    public static String mentionsOf(String userId) {
        return MENTIONS_OF_ALL + userId;
    }
}
