package chat.milena.syncapi.read;

import chat.milena.schemas.avro.Reference;
import chat.milena.schemas.avro.ThreadPlace;
import chat.milena.schemas.avro.ThreadSummary;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.ReferenceKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The threads that messages of an answer begin, as they are now. For one thread of the machine.
///
/// The list of replies may be a moment behind the events: a reply that is in the answer says itself how the thread was
/// with it, and the further of the two counts. So what a client is shown of a thread holds all replies that it is
/// shown.
final class Threads {
    private static final int FIELDS_BYTES = 80;
    private static final int USER_BYTES = 3;

    private final ConversationViews views;
    private final ConversationKey key;
    private final Map<String, @Nullable ThreadSummary> known = new HashMap<>();

    Threads(ConversationViews views, ConversationKey key) {
        this.views = views;
        this.key = key;
    }

    /// These events are in the answer.
    void add(List<TimelineEvent> events) {
        for (TimelineEvent event : events) {
            ThreadPlace place =
                    event.getMessage() == null ? null : event.getMessage().getThread();
            if (place != null && event.getThread() != null) {
                String rootId = place.getRoot().getMessageId();
                known.put(rootId, further(found(rootId), event.getThread()));
            }
        }
    }

    /// The thread of a message; null if it begins none.
    @Nullable
    ThreadSummary of(TimelineEvent event) {
        return Timeline.isMessage(event) && event.getMessage().getThread() == null
                ? found(event.getMessage().getMessageId())
                : null;
    }

    /// At most how many bytes the entry of a message is longer by its thread.
    long bytesOf(TimelineEvent event) {
        ThreadSummary thread = of(event);
        if (thread == null) {
            return 0;
        }
        long bytes = FIELDS_BYTES;
        for (String userId : thread.getParticipantIds()) {
            bytes += USER_BYTES + EntryBytes.ofText(userId);
        }
        return bytes;
    }

    private @Nullable ThreadSummary found(String rootId) {
        if (!known.containsKey(rootId)) {
            Reference head = views.reference(new ReferenceKey(key, rootId, ReferenceKey.HEAD));
            known.put(rootId, head == null ? null : head.getThread());
        }
        return known.get(rootId);
    }

    private static ThreadSummary further(@Nullable ThreadSummary one, ThreadSummary other) {
        return one == null || one.getReplyCount() < other.getReplyCount() ? other : one;
    }
}
