package chat.milena.syncapi.read;

import chat.milena.protocol.timeline.Added;
import chat.milena.protocol.timeline.EmojiReactions;
import chat.milena.schemas.avro.Annotation;
import chat.milena.schemas.avro.EmojiUse;
import chat.milena.schemas.avro.MessageChange;
import chat.milena.schemas.avro.ThreadSummary;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.AnnotationKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.word.EventKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was added to messages of one conversation, for one reader. Each message is looked up once, so what is counted
/// of it is what is shown. As large as what is shown. For one thread.
final class Additions {
    private static final int EMOJI_FIELDS_BYTES = 56;
    private static final int USER_BYTES = 3;

    private final ConversationViews views;
    private final ConversationKey key;
    private final String userId;
    private final Timeline timeline;
    private final Threads threads;
    private final Map<Long, Added> found = new HashMap<>();

    private Additions(ConversationViews views, ConversationKey key, String userId, Timeline timeline) {
        this.views = views;
        this.key = key;
        this.userId = userId;
        this.timeline = timeline;
        this.threads = new Threads(views, key);
    }

    /// Those of a timeline.
    ///
    /// @throws ViewBehindException if events of the timeline changed them in a way that the view does not hold yet
    static Additions of(ConversationViews views, ConversationKey key, String userId, Timeline timeline) {
        timeline.checkAnnotations();
        return new Additions(views, key, userId, timeline);
    }

    /// What was added to a message, or to the one that an event is about, as far as it is shown.
    Added of(TimelineEvent event) {
        if (Timeline.isMessage(event)) {
            return event.getDeletedAt() == null ? ofMessage(event.getSequenceNumber()) : Added.NOTHING;
        }
        MessageChange change = event.getChange();
        if (change == null || !event.getKind().equals(EventKind.REACTION.word())) {
            return Added.NOTHING;
        }
        TimelineEvent message = timeline.message(change.getTargetSequence());
        return message == null ? Added.NOTHING : of(message);
    }

    private Added ofMessage(long sequenceNumber) {
        return found.computeIfAbsent(sequenceNumber, number -> {
            Annotation byAll = views.annotation(AnnotationKey.ofMessage(key, number));
            return byAll == null
                    ? Added.NOTHING
                    : new Added(byAll, views.annotation(new AnnotationKey(key, number, userId)));
        });
    }

    /// These events are in the answer.
    void add(List<TimelineEvent> events) {
        threads.add(events);
    }

    /// The thread of a message; null if it begins none.
    @Nullable
    ThreadSummary thread(TimelineEvent event) {
        return threads.of(event);
    }

    /// At most how many bytes the entry of an event is longer by what was added.
    long bytesOf(TimelineEvent event) {
        long bytes = threads.bytesOf(event);
        Annotation byAll = of(event).byAll();
        if (byAll == null) {
            return bytes;
        }
        for (EmojiUse use : byAll.getEmojis()) {
            bytes += EMOJI_FIELDS_BYTES + EntryBytes.ofText(use.getEmoji());
            int users = 0;
            for (String user : use.getUserIds()) {
                bytes += users++ < EmojiReactions.USERS_MAX ? USER_BYTES + EntryBytes.ofText(user) : 0;
            }
        }
        return bytes;
    }
}
