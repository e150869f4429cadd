package chat.milena.protocol.call;

import chat.milena.protocol.json.JsonText;
import chat.milena.protocol.read.InboxLine;
import chat.milena.protocol.timeline.MessageContent;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bodies of calls that write. Times are in milliseconds since 1970.
public final class Bodies {
    private Bodies() {}

    /// A direct conversation.
    ///
    /// @param type `direct`
    /// @param participantIds the one other user
    public record NewDirect(String type, List<String> participantIds) {}

    /// A group.
    ///
    /// @param participantIds its members; the creator is added
    public record NewGroup(
            String name,
            List<String> participantIds,
            @Nullable SettingsChange settings) {}

    /// Settings of a group. A setting that is left out does not change, or has its default in a new group.
    ///
    /// @param slowModeSeconds 0 to 86,400
    public record SettingsChange(
            @Nullable Boolean onlyAdminsCanPost,
            @Nullable Boolean allowMemberInvites,
            @Nullable Boolean historyVisibleToNewMembers,
            @Nullable Boolean onlyAdminsMentionAll,
            @Nullable Integer slowModeSeconds,
            @Nullable Boolean premoderation) {}

    /// A message.
    ///
    /// @param expiresAt in the future; the message is no longer shown from then on
    /// @param replyTo the `messageId` of a message that it quotes
    /// @param threadOf the `messageId` of the message in whose thread it is a reply
    /// @param showInConversation whether a reply is shown among the messages of the conversation too
    public record NewMessage(
            String messageId,
            MessageContent content,
            @Nullable Long expiresAt,
            @Nullable String replyTo,
            @Nullable String threadOf,
            @Nullable Boolean showInConversation) {}

    /// A new content of a message.
    ///
    /// @param content replaces the whole content
    /// @param revision the revision that the message must have, else `CONFLICT`
    public record Edit(MessageContent content, @Nullable Long revision) {}

    /// How far the user has read; at least one of the two fields.
    ///
    /// @param messageIds at most 100
    /// @param threadOf the message that begins a thread: then `upToOrdinal` says how far that is read, alone
    /// @param upToOrdinal of a reply; needed with `threadOf`
    public record ReadMark(
            @Nullable Long upToSequence,
            @Nullable List<String> messageIds,
            @Nullable String threadOf,
            @Nullable Long upToOrdinal) {}

    /// A mute of a conversation.
    ///
    /// @param until in the future; left out to end the mute
    public record Mute(@Nullable Long until) {}

    /// The user's own state of a conversation.
    ///
    /// @param accepted `true`; it is never taken back
    /// @param unreadFrom a number; null ends it
    /// @param clearedUpTo a number; a lower one than before changes nothing
    /// @param draft null ends it
    public record PersonalChange(
            @Nullable Boolean accepted,
            @Nullable Boolean archived,
            @Nullable Boolean pinned,
            @Nullable Boolean hidden,
            @Nullable Long unreadFrom,
            @Nullable Long clearedUpTo,
            InboxLine.@Nullable Draft draft) {}

    /// A report of a message.
    ///
    /// @param reason `spam`, `abuse`, `violence`, `illegal` or `other`
    /// @param text for moderators, at most 1,000 characters
    public record NewReport(String reason, @Nullable String text) {}

    /// A decision of a moderator on a message.
    ///
    /// @param action `remove`, `dismiss`, `warn`, `ban`, and of a held message `release` or `reject`
    /// @param until of `ban`: in the future; left out if the ban does not end by itself
    /// @param scope of `ban`: `tenant`, the default, or `conversation`
    /// @param reason of `ban`: for the author, 1 to 200 characters; `decision on a message` if left out
    /// @param text of `warn`: for the author of the message, at most 1,000 characters
    /// @param note for moderators, at most 1,000 characters
    /// @param revision the revision that the message must have, else `CONFLICT`; left out for any
    public record NewDecision(
            String conversationId,
            String messageId,
            String action,
            @Nullable Long until,
            @Nullable String scope,
            @Nullable String reason,
            @Nullable String text,
            @Nullable String note,
            @Nullable Long revision) {}

    /// A ban.
    ///
    /// @param conversationId left out for all conversations of the tenant
    /// @param until in the future; left out if the ban does not end by itself
    /// @param reason 1 to 200 characters
    public record NewBan(
            @Nullable String conversationId, @Nullable Long until, String reason) {}

    /// The whole profile of the user. A field that is left out is removed.
    ///
    /// @param name at most 100 characters
    /// @param avatarUrl an absolute `http` or `https` URL
    /// @param custom any JSON object, at most 2,048 bytes
    public record ProfileChange(
            @Nullable String name,
            @Nullable String avatarUrl,
            @Nullable JsonText custom) {}

    /// A change of a group; at least one property.
    ///
    /// @param avatarUrl an absolute `http` or `https` URL; null removes it
    /// @param custom any JSON object, at most 4,096 bytes; null removes it
    public record ConversationChange(
            @Nullable String name,
            @Nullable String avatarUrl,
            @Nullable JsonText custom,
            @Nullable SettingsChange settings) {}

    /// New members of a group.
    public record NewMembers(List<String> userIds) {}

    /// A member's new role.
    ///
    /// @param role `admin` or `member`
    public record RoleChange(String role) {}

    /// A registration for push.
    ///
    /// @param platform `apns`, `fcm` or `webpush`
    /// @param token of `apns` and `fcm`: 2 to 200 hexadecimal digits, or 1 to 4,096 characters
    /// @param subscription of `webpush`, as the browser prints it
    /// @param appId of `apns` the topic, of `fcm` the project; may be left out where there is one
    /// @param environment of `apns`: `production`, the default, or `sandbox`
    /// @param locale BCP 47, at most 35 characters
    /// @param timeZone an IANA time zone
    /// @param browser of `webpush`
    public record DeviceRegistration(
            String platform,
            @Nullable String token,
            @Nullable Subscription subscription,
            @Nullable String appId,
            @Nullable String environment,
            @Nullable String locale,
            @Nullable String timeZone,
            @JsonUnwrapped OfBrowser browser) {}

    /// What only browsers send.
    ///
    /// @param vapidKey the public key that the browser subscribed with
    /// @param navigate the address that a click opens, of the website that calls; `{conversationId}` in it is
    ///     replaced
    public record OfBrowser(
            @Nullable String vapidKey, @Nullable String navigate) {}

    /// A subscription of Web Push.
    ///
    /// @param endpoint `https`, at most 2,048 characters
    public record Subscription(String endpoint, @Nullable Long expirationTime, SubscriptionKeys keys) {}

    /// The keys of a subscription, in base64url.
    public record SubscriptionKeys(String p256dh, String auth) {}

    /// All settings of notifications. A field that is left out takes its default.
    ///
    /// @param level `all`, the default, `mentions` or `none`
    /// @param preview `full`, the default, `sender` or `none`
    public record NotificationsChange(
            @Nullable String level, @Nullable String preview, Notifications.@Nullable QuietHours quietHours) {}

    /// The level of a conversation.
    ///
    /// @param level `all`, `mentions` or `none`; null for the settings of the user
    public record LevelChange(@Nullable String level) {}
}
