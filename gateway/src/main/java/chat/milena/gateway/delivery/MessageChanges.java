package chat.milena.gateway.delivery;

import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageChange;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.word.EventKind;
import java.util.HashMap;
import java.util.Map;

/// The final state of messages within everything that a client missed, so that no deleted content is shown, and of
/// each message only the last edit. As large as the missed part, which is bounded. For one thread at a time.
public final class MessageChanges {
    private final Map<Target, TimelineEvent> last = new HashMap<>();

    private record Target(String conversationId, long sequenceNumber) {}

    /// The next missed event.
    public void add(TimelineEvent event) {
        MessageChange change = event.getChange();
        if (change == null) {
            return;
        }
        // Nothing follows a deletion, and events come in the order of their numbers.
        last.put(new Target(event.getConversationId(), change.getTargetSequence()), event);
    }

    /// Whether an event is an edit whose content must not be shown, since a later event changed the message again.
    public boolean isSuperseded(TimelineEvent event) {
        MessageChange change = event.getChange();
        if (change == null || !event.getKind().equals(EventKind.MESSAGE_EDITED.word())) {
            return false;
        }
        TimelineEvent newest = last.get(new Target(event.getConversationId(), change.getTargetSequence()));
        return newest != null && newest.getSequenceNumber() > event.getSequenceNumber();
    }

    /// A message as it may be shown: without content if it was deleted since.
    public TimelineEvent shown(TimelineEvent message) {
        TimelineEvent newest = last.get(new Target(message.getConversationId(), message.getSequenceNumber()));
        if (newest == null || !newest.getKind().equals(EventKind.MESSAGE_DELETED.word())) {
            return message;
        }
        Message before = message.getMessage();
        Content nothing = new Content(before.getContent().getType(), null, null, null, null);
        TimelineEvent deleted = new TimelineEvent();
        deleted.setConversationId(message.getConversationId());
        deleted.setSequenceNumber(message.getSequenceNumber());
        deleted.setTimestamp(message.getTimestamp());
        deleted.setKind(message.getKind());
        deleted.setActorId(message.getActorId());
        deleted.setParticipants(message.getParticipants());
        deleted.setMessage(new Message(
                before.getMessageId(), nothing, before.getExpiresAt(), before.getReplyTo(), before.getThread()));
        deleted.setDeletedAt(newest.getTimestamp());
        deleted.setDeletedBy(newest.getActorId());
        return deleted;
    }

    /// Whether a message was deleted since.
    public boolean isDeleted(TimelineEvent message) {
        return shown(message).getDeletedAt() != null;
    }
}
