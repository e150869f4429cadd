package chat.milena.syncapi.view;

import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import java.util.Arrays;
import java.util.List;

/// One view: a state store that holds a topic's records, key and value byte for byte.
///
/// The topic is the store's changelog (KIP-813): nothing is written twice, and a lost store is read again from its
/// topic. Bytes are stored unchanged, so no record can stop a view; readers decode them.
public enum View {
    /// (Conversation, sequence number) → event: a page is one range scan.
    HISTORY("history"),
    /// (Conversation, sequence number, user) → what was added to a message.
    ANNOTATIONS("annotations"),
    /// Conversation → its properties.
    CONVERSATIONS("conversations"),
    /// (Conversation, user) → membership.
    MEMBERS("members"),
    /// (Conversation, user) → watermarks.
    RECEIPTS("receipts"),
    /// (Conversation, list, number) → a message of the list.
    REFERENCES("references"),
    /// (User, conversation) → membership.
    MEMBERSHIPS("memberships"),
    /// User → profile.
    USERS("users"),
    /// (User, conversation) → the user's own state of it.
    PERSONAL("personal"),
    /// (User, whom they have blocked) → since when.
    BLOCKS("blocks"),
    /// (User, conversation, message) → the thread of the message that they follow.
    THREADS("threads"),
    /// (User, device) → registration for push, or sign-out.
    DEVICES("devices"),
    /// (Tenant, user, conversation) → their ban; all of a tenant are with the user `moderation`.
    BANS("bans"),
    /// (Tenant, state, time, message) → the reports of a message; with the user `moderation`, too.
    REPORTS("reports"),
    /// User → the warnings that they are still to be shown.
    WARNINGS("warnings");

    private final String store;

    View(String store) {
        this.store = store;
    }

    /// The views of conversations: everything about one conversation is in one task.
    public static List<View> byConversation() {
        return List.of(HISTORY, ANNOTATIONS, CONVERSATIONS, MEMBERS, RECEIPTS, REFERENCES);
    }

    /// The views of users: everything about one user is in one task.
    public static List<View> byUser() {
        return List.of(MEMBERSHIPS, USERS, PERSONAL, BLOCKS, THREADS, DEVICES, BANS, REPORTS, WARNINGS);
    }

    /// All of them.
    public static List<View> all() {
        return Arrays.asList(values());
    }

    /// The name of its state store.
    public String store() {
        return store;
    }

    /// The topic that it shows.
    public TopicSpec<?, ?> topic(TopicCatalogue topics) {
        return switch (this) {
            case HISTORY -> topics.messages();
            case ANNOTATIONS -> topics.annotations();
            case CONVERSATIONS -> topics.conversations();
            case MEMBERS -> topics.members();
            case RECEIPTS -> topics.receipts();
            case REFERENCES -> topics.references();
            case MEMBERSHIPS -> topics.memberships();
            case USERS -> topics.users();
            case PERSONAL -> topics.personal();
            case BLOCKS -> topics.blocks();
            case THREADS -> topics.threads();
            case DEVICES -> topics.devices();
            case BANS -> topics.bans();
            case REPORTS -> topics.reports();
            case WARNINGS -> topics.warnings();
        };
    }

    String source() {
        return store + "-log";
    }

    String projector() {
        return store + "-projector";
    }
}
