package chat.milena.protocol.call;

import chat.milena.protocol.json.JsonText;
import chat.milena.protocol.timeline.MessageContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bodies of calls that write. Times are milliseconds since 1970.
public final class Bodies {
    private Bodies() {}

    /// A direct conversation.
    ///
    /// @param type `direct`
    /// @param participantIds the one other user
    public record NewDirect(String type, List<String> participantIds) {}

    /// A group.
    ///
    /// @param participantIds its members beside the creator
    public record NewGroup(
            String name,
            List<String> participantIds,
            @Nullable SettingsChange settings) {}

    /// Settings of a group; what is left out stays as it is, or has its default in a new group.
    public record SettingsChange(
            @Nullable Boolean onlyAdminsCanPost,
            @Nullable Boolean allowMemberInvites,
            @Nullable Boolean historyVisibleToNewMembers,
            @Nullable Boolean onlyAdminsMentionAll) {}

    /// A message.
    ///
    /// @param expiresAt in the future; the message is no longer shown from then on
    /// @param replyTo the `messageId` of a message that it quotes
    public record NewMessage(
            String messageId,
            MessageContent content,
            @Nullable Long expiresAt,
            @Nullable String replyTo) {}

    /// Another content of a message.
    ///
    /// @param content replaces the whole content
    /// @param revision that the message must have, else `CONFLICT`
    public record Edit(MessageContent content, @Nullable Long revision) {}

    /// How far the user has read; at least one of the two.
    ///
    /// @param messageIds at most 100
    public record ReadMark(
            @Nullable Long upToSequence, @Nullable List<String> messageIds) {}

    /// Until when the user wants to hear nothing of a conversation.
    ///
    /// @param until in the future; left out, it is no longer muted
    public record Mute(@Nullable Long until) {}

    /// What the user keeps of a conversation for themselves.
    ///
    /// @param accepted `true`
    public record PersonalChange(boolean accepted) {}

    /// The whole profile of the user; what is left out goes.
    ///
    /// @param name at most 100 characters
    /// @param avatarUrl an absolute `http` or `https` URL
    /// @param custom any JSON object, at most 2,048 bytes
    public record ProfileChange(
            @Nullable String name,
            @Nullable String avatarUrl,
            @Nullable JsonText custom) {}

    /// What to change of a group; at least one property.
    public record ConversationChange(
            @Nullable String name, @Nullable SettingsChange settings) {}

    /// Who is to come in.
    public record NewMembers(List<String> userIds) {}

    /// A member's new role.
    ///
    /// @param role `admin` or `member`
    public record RoleChange(String role) {}
}
