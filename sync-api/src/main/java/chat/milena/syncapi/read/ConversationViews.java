package chat.milena.syncapi.read;

import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the views hold of conversations, on whichever partition; for one thread at a time, values as of the call.
///
/// Events of one conversation come into the view in the order of their numbers, so that a number that is missing below
/// the newest is gone for good. The four kinds of value may be a moment apart from each other.
public interface ConversationViews {
    /// The conversation; null if there is none.
    @Nullable
    Conversation conversation(ConversationKey key);

    /// The person's place in the conversation; null if they have none.
    @Nullable
    Member member(MemberKey key);

    /// Members in the order of user ids.
    ///
    /// @param afterUserId those behind this one; empty for all
    /// @param limit at most so many
    List<Member> members(ConversationKey key, String afterUserId, int limit);

    /// How far the person has come; null if they have shown nothing yet.
    @Nullable
    Receipt receipt(MemberKey key);

    /// Receipts in the order of user ids.
    ///
    /// @param afterUserId those behind this one; empty for all
    /// @param limit at most so many
    List<Receipt> receipts(ConversationKey key, String afterUserId, int limit);

    /// Events with `from <= sequenceNumber <= to`, both at least 0; numbers may be missing, since they are gone.
    ///
    /// @param to may be [Long#MAX_VALUE], for all
    /// @param limit at most so many, the first ones in this order
    List<TimelineEvent> events(ConversationKey key, long from, long to, int limit, Order order);
}
