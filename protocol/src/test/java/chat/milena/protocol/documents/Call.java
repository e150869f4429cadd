package chat.milena.protocol.documents;

import chat.milena.protocol.read.UnreadTotals;
import chat.milena.protocol.call.Bodies.ConversationChange;
import chat.milena.protocol.call.Bodies.Edit;
import chat.milena.protocol.call.Bodies.Mute;
import chat.milena.protocol.call.Bodies.NewDirect;
import chat.milena.protocol.call.Bodies.NewGroup;
import chat.milena.protocol.call.Bodies.NewMembers;
import chat.milena.protocol.call.Bodies.NewMessage;
import chat.milena.protocol.call.Bodies.PersonalChange;
import chat.milena.protocol.call.Bodies.ProfileChange;
import chat.milena.protocol.call.Bodies.ReadMark;
import chat.milena.protocol.call.Bodies.RoleChange;
import chat.milena.protocol.call.Bodies.SettingsChange;
import chat.milena.protocol.call.Done;
import chat.milena.protocol.call.Me;
import chat.milena.protocol.call.ServerInfo;
import chat.milena.protocol.conversation.ConversationView;
import chat.milena.protocol.conversation.UserView;
import chat.milena.protocol.read.Users;
import chat.milena.protocol.read.History;
import chat.milena.protocol.read.Inbox;
import chat.milena.protocol.read.Members;
import chat.milena.protocol.read.Receipts;
import chat.milena.protocol.read.SyncQuestion;
import chat.milena.protocol.read.SyncResult;
import chat.milena.protocol.timeline.MessageContent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One REST call, as it is documented.
///
/// @param path with `{id}` for the conversation `{messageId}` for a message and `{userId}` for a member
/// @param query its parameters and what they mean
/// @param example a body that can be sent; null where there is none
/// @param answer what a call that succeeds is answered; null for nothing
/// @param statuses of success, and when each is answered
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
    private static final String MEMBER = CONVERSATION + "/members/{userId}";
    private static final MessageContent HELLO = new MessageContent("text", "hello", null, null, null);
    private static final Map<String, String> PAGES =
            Map.of("limit", "1 to 200; 50 without", "cursor", "a `nextCursor` of this call");

    /// All calls, in an order in which their examples can be run.
    static final List<Call> ALL = List.of(
            reading("/api/v1/server", "What this server is and allows; without a token.", Map.of(), ServerInfo.class),
            reading("/api/v1/unread", "What the user has not read.", Map.of(), UnreadTotals.class),
            reading("/api/v1/users/me", "The user whose token asks.", Map.of(), Me.class),
            reading(
                    "/api/v1/users",
                    "Profiles of oneself and of people with whom one shares a conversation.",
                    Map.of("ids", "1 to 100 ids of users, comma separated"),
                    Users.class),
            writing(
                    "POST",
                    CONVERSATIONS,
                    "Starts a direct conversation.",
                    new NewDirect("direct", List.of("bob")),
                    ConversationView.class,
                    Map.of(201, "it is new", 200, "the two have it already")),
            writing(
                    "POST",
                    "/api/v1/groups",
                    "Makes a group; the caller is its admin.",
                    new NewGroup("Friends", List.of("bob", "carol"), new SettingsChange(null, true, null, null)),
                    ConversationView.class,
                    Map.of(201, "it is new", 200, "the same user and `Idempotency-Key` made it before")),
            writing(
                    "POST",
                    CONVERSATION + "/messages",
                    "Sends a message.",
                    new NewMessage("0198-example", HELLO, null, null),
                    Done.Sent.class,
                    Map.of(201, "it has its number")),
            writing(
                    "PATCH",
                    MESSAGE,
                    "Gives one's own message another content.",
                    new Edit(new MessageContent("text", "hello again", null, null, null), 0L),
                    Done.Changed.class,
                    Map.of(200, "done")),
            new Call(
                    "DELETE",
                    MESSAGE,
                    "Deletes a message.",
                    Map.of("reason", "for people; at most 200 characters"),
                    null,
                    Done.Changed.class,
                    Map.of(200, "done")),
            writing(
                    "POST",
                    CONVERSATION + "/read",
                    "Says how far the user has read.",
                    new ReadMark(1L, null),
                    Done.ReadUpTo.class,
                    Map.of(202, "how far they have now read")),
            writing(
                    "PUT",
                    CONVERSATION + "/mute",
                    "Mutes a conversation for the user, or no longer.",
                    new Mute(4_102_444_800_000L),
                    Done.Muted.class,
                    Map.of(200, "done")),
            writing(
                    "PATCH",
                    CONVERSATION + "/personal",
                    "Joins in.",
                    new PersonalChange(true),
                    Done.Accepted.class,
                    Map.of(200, "done")),
            writing(
                    "PUT",
                    "/api/v1/users/me",
                    "Sets the user's whole profile; what is left out goes.",
                    new ProfileChange("Alice", "https://example.org/alice.png", null),
                    UserView.class,
                    Map.of(200, "done")),
            writing(
                    "PATCH",
                    CONVERSATION,
                    "Changes the name or the settings of a group.",
                    new ConversationChange("Best friends", new SettingsChange(false, null, null, null)),
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
                    "Changes a member's role.",
                    new RoleChange("admin"),
                    ConversationView.class,
                    Map.of(200, "done")),
            reading(CONVERSATIONS, "The inbox: the user's conversations, latest first.", PAGES, Inbox.class),
            reading(CONVERSATION, "A conversation.", Map.of(), ConversationView.class),
            reading(
                    CONVERSATION + "/messages",
                    "A page of the timeline; the newest without `before` and `after`.",
                    Map.of(
                            "before", "what is before this number, newest first",
                            "after", "what is behind this number, oldest first",
                            "limit", "1 to 200; 50 without",
                            "view", "`timeline` (without) or `messages`: messages alone, which `limit` counts"),
                    History.class),
            reading(CONVERSATION + "/members", "Members, in the order of user ids.", PAGES, Members.class),
            reading(CONVERSATION + "/receipts", "How far members have come.", PAGES, Receipts.class),
            writing(
                    "POST",
                    "/api/v1/sync",
                    "What was missed.",
                    new SyncQuestion(List.of(new SyncQuestion.Known("0198-example", 0)), 100, null),
                    SyncResult.class,
                    Map.of(200, "done")),
            new Call(
                    "DELETE",
                    MEMBER,
                    "Removes a member from a group; users remove themselves to leave.",
                    Map.of(),
                    null,
                    null,
                    Map.of(204, "done")));

    /// Whether it asks for no token.
    boolean isOpen() {
        return path.equals("/api/v1/server");
    }

    private static Call writing(
            String method,
            String path,
            String summary,
            Record example,
            Class<? extends Record> answer,
            Map<Integer, String> statuses) {
        return new Call(method, path, summary, Map.of(), example, answer, statuses);
    }

    private static Call reading(
            String path, String summary, Map<String, String> query, Class<? extends Record> answer) {
        return new Call("GET", path, summary, query, null, answer, Map.of(200, "done"));
    }
}
