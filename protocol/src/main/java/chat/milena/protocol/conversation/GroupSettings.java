package chat.milena.protocol.conversation;

import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.word.ConversationType;
import org.jspecify.annotations.Nullable;

/// The rules of a group.
///
/// @param onlyAdminsCanPost members read only
/// @param allowMemberInvites members may add others
/// @param historyVisibleToNewMembers newcomers may read what was before
/// @param onlyAdminsMentionAll members cannot mention everybody
public record GroupSettings(
        boolean onlyAdminsCanPost,
        boolean allowMemberInvites,
        boolean historyVisibleToNewMembers,
        boolean onlyAdminsMentionAll) {

    /// Those of a group; null for other types, which have none.
    public static @Nullable GroupSettings of(String type, ConversationSettings settings) {
        return type.equals(ConversationType.GROUP.word())
                ? new GroupSettings(
                        settings.getOnlyAdminsCanPost(),
                        settings.getAllowMemberInvites(),
                        settings.getHistoryVisibleToNewMembers(),
                        settings.getOnlyAdminsMentionAll())
                : null;
    }
}
