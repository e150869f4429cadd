package chat.milena.syncapi.read;

import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// One question, answerable where its key lives. Immutable; [ReadCodec] carries it between instances.
///
/// Whoever asks has been authenticated; whether they may know is decided where it is answered.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "read")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Read.Describe.class, name = "describe"),
    @JsonSubTypes.Type(value = Read.MembersPage.class, name = "members"),
    @JsonSubTypes.Type(value = Read.ReceiptsPage.class, name = "receipts"),
    @JsonSubTypes.Type(value = Read.HistoryPage.class, name = "history"),
    @JsonSubTypes.Type(value = Read.SyncOne.class, name = "sync"),
    @JsonSubTypes.Type(value = Read.Summary.class, name = "summary"),
    @JsonSubTypes.Type(value = Read.Place.class, name = "place"),
    @JsonSubTypes.Type(value = Read.TypingAudience.class, name = "typing"),
    @JsonSubTypes.Type(value = Read.Memberships.class, name = "memberships"),
    @JsonSubTypes.Type(value = Read.Joined.class, name = "joined")
})
public sealed interface Read {

    /// A question about one conversation; it lives where the conversation does.
    sealed interface OfConversation extends Read {
        ConversationKey conversation();

        /// Who asks.
        String userId();
    }

    /// The conversation as its members see it.
    record Describe(ConversationKey conversation, String userId) implements OfConversation {}

    /// Its people, in the order of user ids.
    ///
    /// @param afterUserId those behind this one; empty for all
    record MembersPage(ConversationKey conversation, String userId, String afterUserId, int limit)
            implements OfConversation {}

    /// Who has what up to where, in the order of user ids.
    ///
    /// @param afterUserId those behind this one; empty for all
    record ReceiptsPage(ConversationKey conversation, String userId, String afterUserId, int limit)
            implements OfConversation {}

    /// A page of its timeline.
    ///
    /// @param edge newest first, the entries before this number; oldest first, those after it. At least 0
    /// @param bytesMax no further entry that would bring the page above so many bytes
    record HistoryPage(ConversationKey conversation, String userId, Order order, long edge, int limit, long bytesMax)
            implements OfConversation {
        /// The edge of the newest page.
        public static final long END = Long.MAX_VALUE;
    }

    /// What is new in it since a number.
    ///
    /// @param lastSequence the last number that the asker has; at least 0
    /// @param limit at most so many entries
    /// @param bytesMax no further entry that would bring the entries above so many bytes
    /// @param atLeastOne whether the first entry comes whatever it weighs
    record SyncOne(
            ConversationKey conversation,
            String userId,
            long lastSequence,
            int limit,
            long bytesMax,
            boolean atLeastOne)
            implements OfConversation {}

    /// Whom the asker's typing in it is told, the asker among them.
    ///
    /// @param limit of members; where there are as many, all of them are the answer
    record TypingAudience(ConversationKey conversation, String userId, int limit) implements OfConversation {}

    /// Its line in the asker's inbox.
    record Summary(ConversationKey conversation, String userId) implements OfConversation {}

    /// Where that line stands: `lastEventAt`, and `bytesMax`, how long it is at most. Cheap, since an order takes it of
    /// all conversations; for the asker's own conversations only.
    record Place(ConversationKey conversation, String userId) implements OfConversation {}

    /// A question about one user; it lives where the user does.
    sealed interface OfUser extends Read {
        UserKey user();
    }

    /// The conversations that a user is in, in the order of their ids.
    ///
    /// @param afterConversationId those behind this one; empty for all
    record Memberships(UserKey user, String afterConversationId, int limit) implements OfUser {}

    /// The conversations that a user has joined in, in the order of their ids.
    ///
    /// @param afterConversationId those behind this one; empty for all
    record Joined(UserKey user, String afterConversationId, int limit) implements OfUser {}
}
