package chat.milena.gateway.delivery;

import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageChange;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.word.EventKind;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// The final state of messages within everything that a client missed, so that no deleted or expired content is shown,
/// and of each message only the last edit. As large as the missed part, which is bounded. For one thread at a time.
public final class MessageChanges {
    private final Map<Target, TimelineEvent> deletions = new HashMap<>();
    private final Map<Target, Long> lastEdits = new HashMap<>();

    private record Target(String conversationId, long sequenceNumber) {}

    /// The next missed event.
    public void add(TimelineEvent event) {
        MessageChange change = event.getChange();
        if (change == null) {
            return;
        }
        Target target = target(event, change);
        if (event.getKind().equals(EventKind.MESSAGE_DELETED.word())) {
            deletions.put(target, event);
        } else if (event.getKind().equals(EventKind.MESSAGE_EDITED.word())) {
            lastEdits.put(target, event.getSequenceNumber());
        }
    }

    private static Target target(TimelineEvent event, MessageChange change) {
        return new Target(event.getConversationId(), change.getTargetSequence());
    }

    /// Whether only the number of a change must be shown: it is an edit before a later one, or its message is no longer
    /// shown.
    public boolean isOver(Delivery delivery, Instant now) {
        TimelineEvent event = delivery.getEvent();
        MessageChange change = event.getChange();
        if (change == null || event.getKind().equals(EventKind.MESSAGE_DELETED.word())) {
            return false;
        }
        Target target = target(event, change);
        boolean edit = event.getKind().equals(EventKind.MESSAGE_EDITED.word());
        return deletions.containsKey(target)
                || (edit && !Objects.equals(lastEdits.get(target), event.getSequenceNumber()))
                || isExpired(delivery, now);
    }

    private static boolean isExpired(Delivery delivery, Instant now) {
        Instant expiresAt = null;
        if (delivery.getContent() != null) {
            expiresAt = delivery.getContent().getExpiresAt();
        } else if (delivery.getReaction() != null) {
            expiresAt = delivery.getReaction().getExpiresAt();
        }
        return expiresAt != null && !expiresAt.isAfter(now);
    }

    /// A message as it may be shown: without content if it was deleted since.
    public TimelineEvent shown(TimelineEvent message) {
        TimelineEvent deletion = deletions.get(new Target(message.getConversationId(), message.getSequenceNumber()));
        if (deletion == null) {
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
        deleted.setDeletedAt(deletion.getTimestamp());
        deleted.setDeletedBy(deletion.getActorId());
        return deleted;
    }

    /// Whether a message was deleted since.
    public boolean isDeleted(TimelineEvent message) {
        return shown(message).getDeletedAt() != null;
    }
}
