package chat.milena.syncapi.read;

import chat.milena.schemas.avro.MessageChange;
import chat.milena.schemas.avro.TimelineEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The messages that a client has and that events of a page have changed, as they are now: else who missed an
/// edit would learn of it and never get the content. For one thread.
///
/// @param known the last number that the client has
record ChangedMessages(Timeline timeline, long known, Map<Long, @Nullable TimelineEvent> found) {

    ChangedMessages(Timeline timeline, long known) {
        this(timeline, known, new HashMap<>());
    }

    /// How many bytes the message that an event changed adds to the page; 0 where the page has it already.
    long bytesOf(TimelineEvent event) {
        MessageChange change = event.getChange();
        if (change == null || change.getTargetSequence() > known || found.containsKey(change.getTargetSequence())) {
            return 0;
        }
        TimelineEvent message = timeline.message(change.getTargetSequence());
        found.put(change.getTargetSequence(), message);
        return message == null ? 0 : EntryBytes.of(message);
    }

    /// Those that these events have changed, oldest first, each once.
    List<TimelineEvent> of(List<TimelineEvent> events) {
        return events.stream()
                .map(TimelineEvent::getChange)
                .filter(Objects::nonNull)
                .map(MessageChange::getTargetSequence)
                .distinct()
                .sorted()
                .map(found::get)
                .filter(Objects::nonNull)
                .toList();
    }
}
