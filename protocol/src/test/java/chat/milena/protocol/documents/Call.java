package chat.milena.protocol.documents;

import chat.milena.protocol.call.Bodies.ConversationChange;
import chat.milena.protocol.call.Bodies.DeviceRegistration;
import chat.milena.protocol.call.Bodies.Edit;
import chat.milena.protocol.call.Bodies.LevelChange;
import chat.milena.protocol.call.Bodies.Mute;
import chat.milena.protocol.call.Bodies.NewBan;
import chat.milena.protocol.call.Bodies.NewDecision;
import chat.milena.protocol.call.Bodies.NewReport;
import chat.milena.protocol.call.Bodies.NewDirect;
import chat.milena.protocol.call.Bodies.NewGroup;
import chat.milena.protocol.call.Bodies.NewMembers;
import chat.milena.protocol.call.Bodies.NewMessage;
import chat.milena.protocol.call.Bodies.NotificationsChange;
import chat.milena.protocol.call.Bodies.OfBrowser;
import chat.milena.protocol.call.Bodies.PersonalChange;
import chat.milena.protocol.call.Bodies.ProfileChange;
import chat.milena.protocol.call.Bodies.ReadMark;
import chat.milena.protocol.call.Bodies.RoleChange;
import chat.milena.protocol.call.Bodies.SettingsChange;
import chat.milena.protocol.call.Done;
import chat.milena.protocol.call.Me;
import chat.milena.protocol.call.Notifications;
import chat.milena.protocol.call.ServerInfo;
import chat.milena.protocol.conversation.ConversationView;
import chat.milena.protocol.conversation.UserView;
import chat.milena.protocol.json.JsonText;
import chat.milena.protocol.read.Bans;
import chat.milena.protocol.read.Blocks;
import chat.milena.protocol.read.Devices;
import chat.milena.protocol.read.FollowedThreads;
import chat.milena.protocol.read.History;
import chat.milena.protocol.read.Inbox;
import chat.milena.protocol.read.InboxLine;
import chat.milena.protocol.read.Members;
import chat.milena.protocol.read.MessageReactions;
import chat.milena.protocol.read.MessageReceipts;
import chat.milena.protocol.read.Pins;
import chat.milena.protocol.read.Receipts;
import chat.milena.protocol.read.ReportQueue;
import chat.milena.protocol.read.SyncQuestion;
import chat.milena.protocol.read.SyncResult;
import chat.milena.protocol.read.UnreadTotals;
import chat.milena.protocol.read.Users;
import chat.milena.protocol.timeline.Entry;
import chat.milena.protocol.timeline.MessageContent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One REST call, as it is documented.
///
/// @param path with `{id}` for the conversation, `{messageId}` for a message, `{emoji}`,
///     `{deviceId}`, and `{userId}` for a member
/// @param query its parameters and their meaning
/// @param example a body that can be sent; null for a call without a body
/// @param answer the answer to a successful call; null for an empty one
/// @param statuses the statuses of success and their meaning
record Call(
        String method,
        String path,
        String summary,
        Map<String, String> query,
        @Nullable Record example,
        @Nullable Class<? extends Record> answer,
        Map<Integer, String> statuses) {
    private static final String CONVERSATIONS = "/api/v1/conversations";
    private static final String CONVERSATION = CONVERSATIONS + "/{id}";
    private static final String MESSAGE = CONVERSATION + "/messages/{messageId}";
    private static final String DEVICE = "/api/v1/devices/{deviceId}";
    private static final String BLOCK = "/api/v1/blocks/{userId}";
    private static final String BAN = "/api/v1/moderation/bans/{userId}";
    private static final String MEMBER = CONVERSATION + "/members/{userId}";
    private static final MessageContent HELLO = new MessageContent("text", "hello", null, null, null);
    private static final String NUMBER = "the number of the message; required before the newest 10,000 entries";
    private static final Map<String, String> PAGES =
            Map.of("limit", "1 to 200, default 50", "cursor", "a `nextCursor` of this call");

    private static final Map<String, String> INBOX = Map.of(
            "limit",
            "1 to 200; 50 without",
            "cursor",
            "a `nextCursor` of this call",
            "archived",
            "`true` for the archived");

    /// All calls, in an order in which their examples can be run.
    static final List<Call> ALL = List.of(
            reading(
                    "/api/v1/server",
                    "The version, limits and features of this server. Needs no token.",
                    Map.of(),
                    ServerInfo.class),
            reading(
                    "/api/v1/threads",
                    "The threads that the user follows, the one with the latest reply first.",
                    Map.of("limit", "1 to 50, default 20", "cursor", "a `nextCursor` of this call"),
                    FollowedThreads.class),
            reading("/api/v1/unread", "The unread messages and mentions of the user.", Map.of(), UnreadTotals.class),
            reading(
                    "/api/v1/devices",
                    "The devices of the user, connected ones first, then the last seen first.",
                    Map.of(),
                    Devices.class),
            reading(
                    "/api/v1/users/me/notifications",
                    "What the user is notified of by push.",
                    Map.of(),
                    Notifications.UserNotifications.class),
            reading("/api/v1/users/me", "The user of the token.", Map.of(), Me.class),
            reading("/api/v1/blocks", "The users whom the user has blocked, by their ids.", PAGES, Blocks.class),
            reading(
                    "/api/v1/users",
                    "Profiles of the user and of users who share a conversation with them.",
                    Map.of("ids", "1 to 100 user ids, comma separated"),
                    Users.class),
            writing(
                    "POST",
                    CONVERSATIONS,
                    "Starts a direct conversation.",
                    new NewDirect("direct", List.of("bob")),
                    ConversationView.class,
                    Map.of(201, "new", 200, "the two users have it already")),
            writing(
                    "POST",
                    "/api/v1/groups",
                    "Makes a group with the user as admin.",
                    new NewGroup(
                            "Friends", List.of("bob", "carol"), new SettingsChange(null, true, null, null, 10, null)),
                    ConversationView.class,
                    Map.of(201, "new", 200, "the same user and `Idempotency-Key` made it before")),
            writing(
                    "POST",
                    CONVERSATION + "/messages",
                    "Sends a message. If it was sent before, the answer is 409 with the first numbers.",
                    new NewMessage("0198-example", HELLO, null, null, null, null),
                    Done.Sent.class,
                    Map.of(201, "done")),
            writing(
                    "POST",
                    MESSAGE + "/report",
                    "Reports a message of somebody else to the moderators.",
                    new NewReport("spam", "look at the link"),
                    Done.Reported.class,
                    Map.of(202, "done")),
            changing("PUT", MESSAGE + "/reactions/{emoji}", "Adds an emoji to a message."),
            changing("PUT", MESSAGE + "/pin", "Pins a message."),
            changing("DELETE", MESSAGE + "/pin", "Unpins a message."),
            changing("DELETE", MESSAGE + "/reactions/{emoji}", "Removes the user's emoji from a message."),
            writing(
                    "PATCH",
                    MESSAGE,
                    "Replaces the content of a message of the user.",
                    new Edit(new MessageContent("text", "hello again", null, null, null), 0L),
                    Done.Changed.class,
                    Map.of(200, "done")),
            new Call(
                    "DELETE",
                    MESSAGE,
                    "Deletes a message.",
                    Map.of("reason", "at most 200 characters"),
                    null,
                    Done.Changed.class,
                    Map.of(200, "done")),
            writing(
                    "PUT",
                    CONVERSATION + "/threads/{messageId}/follow",
                    "Follows a thread.",
                    null,
                    Done.Following.class,
                    Map.of(200, "done")),
            writing(
                    "DELETE",
                    CONVERSATION + "/threads/{messageId}/follow",
                    "Ends following a thread.",
                    null,
                    Done.Following.class,
                    Map.of(200, "done")),
            writing(
                    "POST",
                    CONVERSATION + "/read",
                    "Moves the read watermark of the user.",
                    new ReadMark(1L, null, null, null),
                    Done.ReadUpTo.class,
                    Map.of(
                            202,
                            "the new watermark; with `threadOf`, `conversationId`, `threadOf`, `followed` and"
                                    + " `readUpToOrdinal` instead")),
            writing(
                    "PUT",
                    CONVERSATION + "/mute",
                    "Mutes a conversation for the user, or ends the mute.",
                    new Mute(4_102_444_800_000L),
                    Done.Muted.class,
                    Map.of(200, "done")),
            writing(
                    "PATCH",
                    CONVERSATION + "/personal",
                    "Changes what the user keeps of a conversation; what is left out stays.",
                    new PersonalChange(true, null, true, null, null, null, new InboxLine.Draft("hel", null)),
                    Done.Kept.class,
                    Map.of(200, "done")),
            writing(
                    "PUT",
                    "/api/v1/users/me",
                    "Replaces the whole profile of the user. A field that is left out is removed.",
                    new ProfileChange("Alice", "https://example.org/alice.png", null),
                    UserView.class,
                    Map.of(200, "done")),
            writing(
                    "PUT",
                    "/api/v1/users/me/notifications",
                    "Replaces what the user is notified of by push. A field that is left out takes its default.",
                    new NotificationsChange(
                            "mentions", "sender", new Notifications.QuietHours("22:00", "07:00", "Europe/Prague")),
                    Notifications.UserNotifications.class,
                    Map.of(200, "done")),
            writing(
                    "PUT",
                    CONVERSATION + "/notifications",
                    "Changes what the user is notified of in a conversation.",
                    new LevelChange("mentions"),
                    Notifications.ConversationNotifications.class,
                    Map.of(200, "done")),
            writing(
                    "PUT",
                    DEVICE,
                    "Registers a device of the user for push, in place of what it had.",
                    new DeviceRegistration(
                            "fcm",
                            "0198-example",
                            null,
                            null,
                            null,
                            "de-CH",
                            "Europe/Zurich",
                            new OfBrowser(null, null)),
                    Devices.DeviceLine.class,
                    Map.of(200, "done")),
            new Call(
                    "DELETE",
                    DEVICE + "/push",
                    "Ends the registration of a device.",
                    Map.of(),
                    null,
                    null,
                    Map.of(204, "done")),
            new Call(
                    "DELETE",
                    DEVICE,
                    "Signs a device out: its connections and its registration end, and its earlier tokens no longer"
                            + " connect it.",
                    Map.of(),
                    null,
                    null,
                    Map.of(204, "done")),
            new Call(
                    "PUT",
                    BLOCK,
                    "Blocks a user, who need not exist.",
                    Map.of(),
                    null,
                    Done.Blocked.class,
                    Map.of(200, "done")),
            writing(
                    "PATCH",
                    CONVERSATION,
                    "Changes the profile or the settings of a group.",
                    new ConversationChange(
                            "Best friends",
                            "https://files.example/friends.png",
                            new JsonText("{\"color\":\"teal\"}"),
                            new SettingsChange(false, null, null, null, null, null)),
                    ConversationView.class,
                    Map.of(200, "done")),
            writing(
                    "POST",
                    CONVERSATION + "/members",
                    "Adds members to a group.",
                    new NewMembers(List.of("dave")),
                    ConversationView.class,
                    Map.of(200, "done")),
            writing(
                    "PATCH",
                    MEMBER,
                    "Changes the role of a member.",
                    new RoleChange("admin"),
                    ConversationView.class,
                    Map.of(200, "done")),
            reading(
                    CONVERSATIONS,
                    "The inbox: the user's conversations, pinned first, then latest first.",
                    INBOX,
                    Inbox.class),
            reading(CONVERSATION, "A conversation.", Map.of(), ConversationView.class),
            reading(
                    CONVERSATION + "/messages",
                    "A page of the timeline; the newest one without `before` and `after`.",
                    Map.of(
                            "before", "entries before this number or RFC 3339 time, newest first",
                            "after", "entries after this number or RFC 3339 time, oldest first",
                            "limit", "1 to 200, default 50",
                            "view", "`timeline`, the default, or `messages`: only messages, which `limit` counts"),
                    History.class),
            reading(MESSAGE, "A message as it is now.", Map.of("sequenceNumber", NUMBER), Entry.Message.class),
            reading(
                    MESSAGE + "/reactions",
                    "The reactions to a message, in the order of user ids; at most 100 a page.",
                    Map.of(
                            "sequenceNumber", NUMBER,
                            "emoji", "only these",
                            "cursor", "a `nextCursor` of this call"),
                    MessageReactions.class),
            reading(
                    MESSAGE + "/receipts",
                    "How far a message has come with members other than its sender.",
                    Map.of(
                            "sequenceNumber", NUMBER,
                            "limit", "1 to 200, default 50",
                            "cursor", "a `nextCursor` of this call"),
                    MessageReceipts.class),
            reading(CONVERSATION + "/members", "The members, in the order of user ids.", PAGES, Members.class),
            reading(
                    CONVERSATION + "/threads/{messageId}/messages",
                    "A page of the replies in a thread; the newest one without `before` and `after`.",
                    Map.of(
                            "before", "replies before this ordinal, newest first",
                            "after", "replies after this ordinal, oldest first",
                            "limit", "1 to 200, default 50",
                            "sequenceNumber",
                                    "the number of the message that begins it; required if it has no replies and is"
                                            + " before the newest 1,000 entries"),
                    History.class),
            reading(
                    CONVERSATION + "/pins",
                    "The pinned messages, in the order of their numbers.",
                    Map.of("cursor", "a `nextCursor` of this call"),
                    Pins.class),
            reading(
                    CONVERSATION + "/notifications",
                    "What the user is notified of in a conversation.",
                    Map.of(),
                    Notifications.ConversationNotifications.class),
            reading(CONVERSATION + "/receipts", "The watermarks of members.", PAGES, Receipts.class),
            writing(
                    "POST",
                    "/api/v1/sync",
                    "What the client has missed.",
                    new SyncQuestion(List.of(new SyncQuestion.Known("0198-example", 0)), 100, null),
                    SyncResult.class,
                    Map.of(200, "done")),
            new Call(
                    "DELETE",
                    MEMBER,
                    "Removes a member from a group. A user who removes themselves leaves.",
                    Map.of(),
                    null,
                    null,
                    Map.of(204, "done")),
            new Call("DELETE", BLOCK, "Ends a block.", Map.of(), null, null, Map.of(204, "done")),
            writing(
                    "PUT",
                    BAN,
                    "Bans a user, who need not exist; for moderators.",
                    new NewBan(null, 4_102_444_800_000L, "spam"),
                    Bans.BanLine.class,
                    Map.of(200, "done")),
            reading(
                    "/api/v1/moderation/bans",
                    "The bans of the tenant that have not ended, in the order of user ids; for moderators.",
                    PAGES,
                    Bans.class),
            new Call(
                    "DELETE",
                    BAN,
                    "Ends a ban; for moderators.",
                    Map.of("conversationId", "of a ban from one conversation"),
                    null,
                    null,
                    Map.of(204, "done")),
            reading(
                    "/api/v1/moderation/reports",
                    "The messages that moderators are to decide on, or that are decided, oldest first; for moderators.",
                    Map.of(
                            "state", "`open`, the default, or `decided`",
                            "limit", "1 to 100, default 50",
                            "cursor", "a `nextCursor` of this call"),
                    ReportQueue.class),
            writing(
                    "POST",
                    "/api/v1/moderation/decisions",
                    "Decides on a message; for moderators.",
                    new NewDecision("0198-example", "0198-example", "dismiss", null, null, null, null, "harmless", 1L),
                    Done.Decided.class,
                    Map.of(200, "done")));

    /// Whether the query side serves it.
    boolean isRead() {
        return !isOpen() && (method.equals("GET") || path.endsWith("/sync"));
    }

    /// Whether it needs no token.
    boolean isOpen() {
        return path.equals("/api/v1/server");
    }

    private static Call writing(
            String method,
            String path,
            String summary,
            @Nullable Record example,
            Class<? extends Record> answer,
            Map<Integer, String> statuses) {
        return new Call(method, path, summary, Map.of(), example, answer, statuses);
    }

    private static Call changing(String method, String path, String summary) {
        return new Call(method, path, summary, Map.of(), null, Done.Changed.class, Map.of(200, "done"));
    }

    private static Call reading(
            String path, String summary, Map<String, String> query, Class<? extends Record> answer) {
        return new Call("GET", path, summary, query, null, answer, Map.of(200, "done"));
    }
}
