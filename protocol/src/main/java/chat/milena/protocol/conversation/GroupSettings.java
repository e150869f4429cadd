package chat.milena.protocol.conversation;

import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.word.ConversationType;
import org.jspecify.annotations.Nullable;

/// The settings of a group.
///
/// @param onlyAdminsCanPost members only read
/// @param allowMemberInvites members may add others
/// @param historyVisibleToNewMembers new members may read earlier messages
/// @param onlyAdminsMentionAll only admins mention all members
/// @param slowModeSeconds how long members who are no admins wait between two messages; 0 is no bound
/// @param premoderation whether messages of members who are no admins wait until a moderator releases them
public record GroupSettings(
        boolean onlyAdminsCanPost,
        boolean allowMemberInvites,
        boolean historyVisibleToNewMembers,
        boolean onlyAdminsMentionAll,
        int slowModeSeconds,
        boolean premoderation) {

    /// The settings of a group; null for other types, which have none.
    public static @Nullable GroupSettings of(String type, ConversationSettings settings) {
        return type.equals(ConversationType.GROUP.word())
                ? new GroupSettings(
                        settings.getOnlyAdminsCanPost(),
                        settings.getAllowMemberInvites(),
                        settings.getHistoryVisibleToNewMembers(),
                        settings.getOnlyAdminsMentionAll(),
                        settings.getSlowModeSeconds(),
                        settings.getPremoderation())
                : null;
    }
}
