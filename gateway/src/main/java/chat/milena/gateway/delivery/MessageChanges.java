package chat.milena.gateway.delivery;

import chat.milena.protocol.timeline.Held;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.DisclosedMessage;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageChange;
import chat.milena.schemas.avro.ShownContent;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.word.EventKind;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The final state of messages within everything that a client missed, so that no deleted or expired content is shown,
/// and of each message only the last edit. As large as the missed part, which is bounded. For one thread at a time.
public final class MessageChanges {
    /// In the place of content that is no longer shown.
    private static final Content NOTHING = new Content("deleted", null, null, null, null);

    private final Map<Target, TimelineEvent> deletions = new HashMap<>();
    private final Map<Target, TimelineEvent> lastEdits = new HashMap<>();
    private final Map<Target, Release> releases = new HashMap<>();

    private record Target(String conversationId, long sequenceNumber) {}

    /// The last release of a message, with the edits after it.
    ///
    /// @param edit the last one; null without any
    private record Release(long number, @Nullable Delivery edit) {}

    /// The next missed delivery of an event.
    public void add(Delivery delivery) {
        TimelineEvent event = delivery.getEvent();
        MessageChange change = event.getChange();
        if (change == null) {
            return;
        }
        Target target = target(event, change);
        if (EventKind.MESSAGE_DELETED.is(event.getKind())) {
            deletions.put(target, event);
        } else if (EventKind.MESSAGE_RELEASED.is(event.getKind())) {
            releases.put(target, new Release(event.getSequenceNumber(), null));
        } else if (EventKind.MESSAGE_EDITED.is(event.getKind())) {
            lastEdits.put(target, event);
            releases.computeIfPresent(target, (key, release) -> new Release(release.number(), delivery));
        }
    }

    private static Target target(TimelineEvent event, MessageChange change) {
        return new Target(event.getConversationId(), change.getTargetSequence());
    }

    /// Whether only the number of a change must be shown: it is an edit or a release before a later one, or its
    /// message is no longer shown.
    public boolean isOver(Delivery delivery, Instant now) {
        TimelineEvent event = delivery.getEvent();
        MessageChange change = event.getChange();
        if (change == null || EventKind.MESSAGE_DELETED.is(event.getKind())) {
            return false;
        }
        Target target = target(event, change);
        if (EventKind.MESSAGE_RELEASED.is(event.getKind())) {
            Release last = releases.get(target);
            return last != null && last.number() != event.getSequenceNumber();
        }
        boolean edit = EventKind.MESSAGE_EDITED.is(event.getKind());
        TimelineEvent last = lastEdits.get(target);
        return deletions.containsKey(target)
                || (edit && last != null && last.getSequenceNumber() != event.getSequenceNumber())
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

    /// A change as it may be shown. A release says all of its message but the content that was deleted, has
    /// expired or was replaced since: clients may know nothing of it yet.
    public Delivery shown(Delivery change, Instant now) {
        TimelineEvent event = change.getEvent();
        ShownContent released = change.getContent();
        if (!EventKind.MESSAGE_RELEASED.is(event.getKind()) || released == null) {
            return change;
        }
        Target target = target(event, event.getChange());
        Release last = releases.get(target);
        Delivery edit = last == null ? null : last.edit();
        boolean isGone = deletions.containsKey(target)
                || isExpired(change, now)
                || (edit != null && Held.waits(edit.getEvent()));
        if (!isGone && edit == null) {
            return change;
        }
        ShownContent next = new ShownContent(
                isGone || edit == null ? NOTHING : edit.getContent().getContent(),
                released.getWithoutIt(),
                released.getExpiresAt(),
                edit == null ? released.getDisclosed() : edited(released.getDisclosed(), edit.getEvent()));
        Delivery shown = new Delivery();
        shown.setTenant(change.getTenant());
        shown.setConversationId(change.getConversationId());
        shown.setEvent(event);
        shown.setRecipients(change.getRecipients());
        shown.setContent(next);
        return shown;
    }

    private static DisclosedMessage edited(DisclosedMessage released, TimelineEvent edit) {
        return new DisclosedMessage(
                released.getSenderId(),
                edit.getChange().getRevision(),
                edit.getTimestamp(),
                released.getReplyTo(),
                released.getPlace(),
                released.getThread(),
                released.getEmojis(),
                released.getPinned(),
                released.getShownBefore());
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
        TimelineEvent edit = lastEdits.get(new Target(message.getConversationId(), message.getSequenceNumber()));
        if (edit != null) {
            // The entry of the edit does not say it to those who were not shown the message.
            deleted.setRevision(edit.getChange().getRevision());
            deleted.setEditedAt(edit.getTimestamp());
        }
        deleted.setDeletedAt(deletion.getTimestamp());
        deleted.setDeletedBy(deletion.getActorId());
        return deleted;
    }

    /// Whether a message was deleted since.
    public boolean isDeleted(TimelineEvent message) {
        return shown(message).getDeletedAt() != null;
    }
}
