package chat.milena.conversation.rules;

import chat.milena.conversation.command.Command.CreateConversation;
import chat.milena.schemas.avro.ConversationSettings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeSet;

/// The hash of a request to make a group, for comparison with a later one. Pure.
final class RequestHash {
    private static final int BYTES = 16;

    private RequestHash() {}

    /// Equal for the same name, settings and users, in any order.
    static String of(CreateConversation create) {
        ConversationSettings settings = create.settings();
        // Ids hold no line break, and the name comes last.
        String text = String.join("\n", new TreeSet<>(create.participantIds()))
                + "\n\n" + settings.getOnlyAdminsCanPost()
                + "\n" + settings.getAllowMemberInvites()
                + "\n" + settings.getHistoryVisibleToNewMembers()
                + "\n" + create.name()
                // Left out with their defaults, as before the settings existed.
                + (settings.getOnlyAdminsMentionAll() ? "\n\nonlyAdminsMentionAll" : "")
                + (settings.getSlowModeSeconds() == 0 ? "" : "\n\nslowModeSeconds " + settings.getSlowModeSeconds())
                + (settings.getPremoderation() ? "\n\npremoderation" : "");
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
