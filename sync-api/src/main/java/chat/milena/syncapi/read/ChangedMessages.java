package chat.milena.syncapi.read;

import chat.milena.schemas.avro.TimelineEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Messages that a client has and that events of a page have changed, or replied to in their threads, as they are
/// now. Without them, a client that missed an edit would see the event and never get the content. For one thread.
///
/// @param known the last number that the client has
record ChangedMessages(Timeline timeline, Additions additions, long known, Map<Long, @Nullable TimelineEvent> found) {

    ChangedMessages(Timeline timeline, Additions additions, long known) {
        this(timeline, additions, known, new HashMap<>());
    }

    /// How many bytes the changed or replied message of an event adds to the page; 0 if the page has it.
    long bytesOf(TimelineEvent event) {
        Long target = target(event);
        if (target == null || target > known || found.containsKey(target)) {
            return 0;
        }
        TimelineEvent message = timeline.message(target);
        found.put(target, message);
        return message == null ? 0 : EntryBytes.of(message) + additions.bytesOf(message);
    }

    private static @Nullable Long target(TimelineEvent event) {
        if (event.getChange() != null) {
            return event.getChange().getTargetSequence();
        }
        return event.getMessage() == null || event.getMessage().getThread() == null
                ? null
                : event.getMessage().getThread().getRoot().getSequenceNumber();
    }

    /// The messages that these events have changed, oldest first, each once.
    List<TimelineEvent> of(List<TimelineEvent> events) {
        return events.stream()
                .map(ChangedMessages::target)
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .map(found::get)
                .filter(Objects::nonNull)
                .toList();
    }
}
