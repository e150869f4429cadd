package chat.milena.protocol.timeline;

import chat.milena.schemas.avro.Hold;
import chat.milena.schemas.avro.MessageChange;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.word.EventKind;
import org.jspecify.annotations.Nullable;

/// Which events are about messages that are held for a moderator, and who is shown those. Pure.
///
/// The record of an event says it, so the same holds live, after a resume and in every answer.
public final class Held {
    private Held() {}

    /// Whether a message waits with this event: it is a message that does, or an edit since which it does.
    public static boolean waits(TimelineEvent event) {
        Hold hold = event.getHold();
        return hold != null
                && (EventKind.MESSAGE_EDITED.is(event.getKind())
                        || (hold.getReleasedBy() == 0 && event.getDeletedAt() == null));
    }

    /// Whether a user is shown nothing of such an event but that it is there.
    public static boolean hides(TimelineEvent event, String userId) {
        return waits(event) && !event.getHold().getShownTo().contains(userId);
    }

    /// `true` in the answer or frame of an event with which a message waits; else left out.
    public static @Nullable Boolean mark(TimelineEvent event) {
        return waits(event) ? true : null;
    }

    /// Whether such an edit says to those which message it is of, and which revision it made: they know the message if
    /// they were shown it before it began to wait.
    public static boolean names(TimelineEvent edit) {
        return edit.getHold().getShownBefore();
    }

    /// The entry of such an event for those.
    public static Entry hidden(TimelineEvent event) {
        long number = event.getSequenceNumber();
        long timestamp = event.getTimestamp().toEpochMilli();
        MessageChange change = event.getChange();
        return change == null
                ? new Entry.Message(
                        number,
                        timestamp,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        InThread.NONE,
                        null,
                        null,
                        null,
                        null,
                        true)
                : new Entry.MessageEdited(
                        number,
                        timestamp,
                        names(event) ? change.getMessageId() : null,
                        change.getTargetSequence(),
                        null,
                        names(event) ? change.getRevision() : null);
    }
}
