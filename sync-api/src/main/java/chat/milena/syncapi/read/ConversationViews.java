package chat.milena.syncapi.read;

import chat.milena.schemas.avro.Annotation;
import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.Reference;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.AnnotationKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.ReferenceKey;
import chat.milena.syncapi.read.Read.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The views of conversations, whatever their partition; for one thread at a time, values at the time of the call.
///
/// Events of one conversation come into the view in the order of their numbers, so that a number that is missing
/// below the newest is gone for good. The kinds of value may be a moment apart from each other.
public interface ConversationViews {
    /// One view of a conversation holds what another one does not hold yet. Both are of the same task, and the
    /// other one will in a moment.
    final class BehindException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BehindException(String message) {
            super(message);
        }
    }

    /// The conversation; null if there is none.
    @Nullable
    Conversation conversation(ConversationKey key);

    /// The user's membership in the conversation; null without one.
    @Nullable
    Member member(MemberKey key);

    /// Members in the order of user ids.
    ///
    /// @param afterUserId those after this one; empty for all
    /// @param limit maximum number
    List<Member> members(ConversationKey key, String afterUserId, int limit);

    /// What was added to a message, or what there is in the conversation; null if nothing.
    @Nullable
    Annotation annotation(AnnotationKey key);

    /// What each person added to a message, in the order of user ids.
    ///
    /// @param afterUserId those behind this one; empty for all
    /// @param limit maximum number
    List<Annotation> additions(ConversationKey key, long sequenceNumber, String afterUserId, int limit);

    /// The user's watermarks; null without any.
    @Nullable
    Receipt receipt(MemberKey key);

    /// Receipts in the order of user ids.
    ///
    /// @param afterUserId those after this one; empty for all
    /// @param limit maximum number
    List<Receipt> receipts(ConversationKey key, String afterUserId, int limit);

    /// Passes events with `from <= sequenceNumber <= to`, both at least 0, one by one; numbers may be missing,
    /// since they are gone. No event is read that is not passed.
    ///
    /// @param to may be [Long#MAX_VALUE], for all
    /// @param goesOn takes an event, and returns whether it takes another one
    void events(ConversationKey key, long from, long to, Order order, Predicate<TimelineEvent> goesOn);

    /// The same as a list.
    ///
    /// @param limit maximum number, the first ones in this order
    default List<TimelineEvent> events(ConversationKey key, long from, long to, int limit, Order order) {
        List<TimelineEvent> events = new ArrayList<>();
        events(key, from, to, order, event -> {
            events.add(event);
            return events.size() < limit;
        });
        return events;
    }

    /// A message of a list; null if there is none.
    @Nullable
    Reference reference(ReferenceKey key);

    /// Passes messages of a list, one by one.
    ///
    /// @param from the list, and the lowest number
    /// @param to the highest number; may be [Long#MAX_VALUE], for all
    /// @param goesOn takes a message, and returns whether it takes another one
    void references(ReferenceKey from, long to, Order order, Predicate<Reference> goesOn);
}
