package chat.milena.syncapi.read;

import chat.milena.protocol.timeline.Added;
import chat.milena.protocol.timeline.EmojiReactions;
import chat.milena.schemas.avro.Annotation;
import chat.milena.schemas.avro.EmojiUse;
import chat.milena.schemas.avro.MessageChange;
import chat.milena.schemas.avro.Reference;
import chat.milena.schemas.avro.ThreadPlace;
import chat.milena.schemas.avro.ThreadSummary;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.AnnotationKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.ReferenceKey;
import chat.milena.schemas.word.EventKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
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
    /// @throws ConversationViews.BehindException if the view does not hold yet what events of the timeline changed
    static Additions of(ConversationViews views, ConversationKey key, String userId, Timeline timeline) {
        timeline.checkAnnotations();
        return new Additions(views, key, userId, timeline);
    }

    /// Whether the reader is shown nothing of an event but that it is there.
    boolean hides(TimelineEvent event) {
        return timeline.hides(event);
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

    /// The threads that messages of an answer begin, as they are now. For one thread of the machine.
    ///
    /// The list of replies may be a moment behind the events. A reply that is in the answer says itself how the
    /// thread was with it, and the further of the two counts. So what a client is shown of a thread holds all
    /// replies that it is shown.
    private static final class Threads {
        private static final int FIELDS_BYTES = 80;

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

    /// Messages that a client has and that events of a page have changed, or replied to in their threads, as they are
    /// now. Without them, a client that missed an edit would see the event and never get the content.
    ///
    /// @param known the last number that the client has
    record ChangedMessages(
            Timeline timeline, Additions additions, long known, Map<Long, @Nullable TimelineEvent> found) {

        ChangedMessages(Timeline timeline, Additions additions, long known) {
            this(timeline, additions, known, new HashMap<>());
        }

        /// How many bytes the changed or replied message of an event adds to the page; 0 if the page has it.
        long bytesOf(TimelineEvent event) {
            return targets(event).mapToLong(this::bytesOf).sum();
        }

        private long bytesOf(long target) {
            if (target > known || found.containsKey(target)) {
                return 0;
            }
            TimelineEvent message = timeline.entryOfMessage(target);
            found.put(target, message);
            return message == null ? 0 : EntryBytes.of(message) + additions.bytesOf(message);
        }

        /// A reply comes into its thread by a release too, and so changes the message that begins it.
        private Stream<Long> targets(TimelineEvent event) {
            Long target = target(event);
            if (target == null || !EventKind.MESSAGE_RELEASED.is(event.getKind())) {
                return Stream.ofNullable(target);
            }
            TimelineEvent released = timeline.message(target);
            Long root = released == null ? null : target(released);
            return root == null ? Stream.of(target) : Stream.of(target, root);
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
                    .flatMap(this::targets)
                    .distinct()
                    .sorted()
                    .map(found::get)
                    .filter(Objects::nonNull)
                    .toList();
        }
    }
}
