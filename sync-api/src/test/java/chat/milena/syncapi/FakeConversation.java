package chat.milena.syncapi;

import chat.milena.schemas.avro.Annotation;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.ConversationProperties;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.EmojiUse;
import chat.milena.schemas.avro.FollowedThread;
import chat.milena.schemas.avro.Hold;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageChange;
import chat.milena.schemas.avro.MessagePin;
import chat.milena.schemas.avro.MessageReference;
import chat.milena.schemas.avro.OwnReaction;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.PinnedMessage;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.Reference;
import chat.milena.schemas.avro.ThreadPlace;
import chat.milena.schemas.avro.ThreadSummary;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.AnnotationKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.ReferenceKey;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes one conversation into [FakeViews] as the sequencer would: numbers, ordinals, members. One event a second.
public final class FakeConversation {
    public static final String TENANT = "shop";
    public static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeViews views;
    private final ConversationKey key;
    private final NavigableMap<Long, TimelineEvent> events = new TreeMap<>();
    private long last;
    private long ordinal;
    private long expiring;
    private long deleted;
    private long annotated;
    private Duration later = Duration.ZERO;

    private FakeConversation(FakeViews views, String conversationId, String type, ConversationSettings settings) {
        this.views = views;
        this.key = new ConversationKey(TENANT, conversationId);
        String name = type.equals("group") ? "Friends" : null;
        views.events.put(key, events);
        views.conversations.put(
                key,
                new Conversation(
                        TENANT,
                        conversationId,
                        type,
                        name,
                        settings,
                        "alice",
                        BEGINNING,
                        0,
                        false,
                        1L,
                        null,
                        null,
                        null));
    }

    public static FakeConversation group(FakeViews views, String conversationId, String... userIds) {
        return create(views, conversationId, "group", true, userIds);
    }

    public static FakeConversation direct(FakeViews views, String conversationId, String one, String other) {
        return create(views, conversationId, "direct", true, one, other);
    }

    /// A group that shows newcomers nothing of what was before.
    public static FakeConversation closedGroup(FakeViews views, String conversationId, String... userIds) {
        return create(views, conversationId, "group", false, userIds);
    }

    private static FakeConversation create(
            FakeViews views, String conversationId, String type, boolean visible, String... userIds) {
        ConversationSettings settings = new ConversationSettings(false, false, visible, false, 0, false);
        FakeConversation made = new FakeConversation(views, conversationId, type, settings);
        TimelineEvent event = made.event("conversation.created", userIds[0]);
        event.setConversation(
                new ConversationProperties(type, type.equals("group") ? "Friends" : null, settings, null, null));
        made.join(event, userIds);
        return made;
    }

    public ConversationKey key() {
        return key;
    }

    public long last() {
        return last;
    }

    /// When the next event happens.
    public Instant clock() {
        return BEGINNING.plusSeconds(last).plus(later);
    }

    /// What follows happens later than this.
    public FakeConversation after(Instant moment) {
        later = Duration.between(BEGINNING, moment);
        return this;
    }

    private TimelineEvent event(String kind, String actorId) {
        Instant now = clock();
        last++;
        TimelineEvent event = new TimelineEvent();
        event.setActorKind("member");
        event.setTenant(TENANT);
        event.setConversationId(key.conversationId());
        event.setSequenceNumber(last);
        event.setMessageOrdinal(ordinal);
        event.setExpiringOrdinal(expiring);
        event.setDeletedOrdinal(deleted);
        event.setAnnotatedSequence(annotated);
        event.setTimestamp(now);
        event.setKind(kind);
        event.setActorId(actorId);
        event.setParticipants(List.of());
        events.put(last, event);
        return event;
    }

    /// Somebody mutes the conversation for themselves: no event.
    public FakeConversation mutes(String userId, Instant until) {
        views.put(
                key,
                new Member(TENANT, key.conversationId(), userId, "member", BEGINNING, 1L, until, null, null, false));
        return this;
    }

    /// These have not joined in yet.
    public FakeConversation waitsFor(String... userIds) {
        for (String userId : userIds) {
            Member member = views.member(new MemberKey(key, userId));
            if (member == null) {
                throw new IllegalStateException("No member");
            }
            member.setAccepted(false);
        }
        return this;
    }

    /// What a member may read was decided when they came.
    public FakeConversation shows(String userId, long firstSequence) {
        Member member = views.member(new MemberKey(key, userId));
        if (member == null) {
            throw new IllegalStateException("No member");
        }
        member.setFirstSequence(firstSequence);
        return this;
    }

    private void join(TimelineEvent event, String... userIds) {
        for (String userId : userIds) {
            views.put(
                    key,
                    new Member(
                            TENANT,
                            key.conversationId(),
                            userId,
                            userId.equals("alice") ? "admin" : "member",
                            event.getTimestamp(),
                            event.getSequenceNumber(),
                            null,
                            null,
                            null,
                            false));
        }
        event.setParticipants(List.of(userIds).stream()
                .map(id -> new Participant(id, "member"))
                .toList());
        changed();
    }

    private void changed() {
        Conversation conversation = views.conversations.get(key);
        if (conversation == null) {
            throw new IllegalStateException("Not created");
        }
        conversation.setSequenceNumber(last);
        conversation.setMemberCount(views.members(key, "", Integer.MAX_VALUE).size());
    }

    public FakeConversation joins(String... userIds) {
        join(event("member.added", "alice"), userIds);
        return this;
    }

    public FakeConversation leaves(String userId) {
        event("member.removed", userId).setParticipants(List.of(new Participant(userId, "member")));
        views.remove(key, userId);
        changed();
        return this;
    }

    public FakeConversation gives(String userId, String role) {
        event("role.changed", "alice").setParticipants(List.of(new Participant(userId, role)));
        return this;
    }

    /// A change that a later version made.
    public FakeConversation event(String kind) {
        TimelineEvent made = event(kind, "alice");
        made.setParticipants(List.of());
        return this;
    }

    public FakeConversation says(String userId, String text) {
        return says(userId, text, null);
    }

    public FakeConversation says(String userId, String text, @Nullable Duration life) {
        return says(userId, new Content("text", text, null, null, null), life);
    }

    public FakeConversation says(String userId, Content content, @Nullable Duration life) {
        ordinal++;
        expiring += life == null ? 0 : 1;
        Instant expiresAt = life == null ? null : clock().plus(life);
        TimelineEvent event = event("message", userId);
        event.setMessage(new Message("m" + last, content, expiresAt, null, null));
        return this;
    }

    /// A message that waited for a moderator is shown to all from now on.
    public FakeConversation releases(long sequenceNumber, boolean shownBefore) {
        TimelineEvent release = event("message.released", "moderation");
        release.setChange(new MessageChange("m" + sequenceNumber, sequenceNumber, 0L, null, 0, false));
        message(sequenceNumber).setHold(new Hold(List.of(), !shownBefore, last, 0L, shownBefore));
        return this;
    }

    /// A message is in a list.
    public FakeConversation lists(String list, long sequenceNumber) {
        TimelineEvent message = message(sequenceNumber);
        views.references
                .computeIfAbsent(key, any -> new TreeMap<>())
                .computeIfAbsent(list, any -> new TreeMap<>())
                .put(
                        sequenceNumber,
                        new Reference(
                                TENANT,
                                key.conversationId(),
                                list,
                                sequenceNumber,
                                sequenceNumber,
                                message.getActorId(),
                                message.getTimestamp(),
                                message.getMessage().getExpiresAt(),
                                0L,
                                false,
                                null));
        return this;
    }

    /// A reply, which is shown in the thread alone, to the message with this number.
    public FakeConversation replies(String userId, long rootSequence, long ordinal) {
        String rootId = message(rootSequence).getMessage().getMessageId();
        TimelineEvent event = event("message", userId);
        Message reply = new Message("m" + last, new Content("text", "reply", null, null, null), null, null, null);
        reply.setThread(new ThreadPlace(new MessageReference(rootId, rootSequence), ordinal, false));
        event.setMessage(reply);
        ThreadSummary thread = new ThreadSummary(ordinal, event.getTimestamp(), List.of(userId));
        event.setThread(thread);
        list(rootId, ordinal, event, rootSequence, null);
        list(rootId, ReferenceKey.HEAD, event, rootSequence, thread);
        return this;
    }

    private void list(
            String rootId, long number, TimelineEvent reply, long rootSequence, @Nullable ThreadSummary thread) {
        views.references
                .computeIfAbsent(key, any -> new TreeMap<>())
                .computeIfAbsent(rootId, any -> new TreeMap<>())
                .put(
                        number,
                        new Reference(
                                TENANT,
                                key.conversationId(),
                                rootId,
                                number,
                                reply.getSequenceNumber(),
                                reply.getActorId(),
                                reply.getTimestamp(),
                                null,
                                rootSequence,
                                false,
                                thread));
    }

    /// Somebody follows the thread of the message with this number.
    public FakeConversation follows(String userId, long rootSequence, long readUpToOrdinal) {
        String rootId = message(rootSequence).getMessage().getMessageId();
        views.threads
                .computeIfAbsent(new UserKey(TENANT, userId), any -> new ArrayList<>())
                .add(new FollowedThread(
                        TENANT, key.conversationId(), userId, rootId, rootSequence, readUpToOrdinal, true));
        return this;
    }

    /// The sender of a message gives it another text.
    public FakeConversation edits(long sequenceNumber, String text) {
        TimelineEvent message = message(sequenceNumber);
        TimelineEvent event = event("message.edited", message.getActorId());
        message.setRevision(message.getRevision() + 1);
        message.setEditedAt(event.getTimestamp());
        message.getMessage().setContent(new Content("text", text, null, null, null));
        event.setChange(new MessageChange("m" + sequenceNumber, sequenceNumber, message.getRevision(), null, 0, false));
        return this;
    }

    public FakeConversation deletes(String userId, long sequenceNumber) {
        return deletes(userId, sequenceNumber, null);
    }

    public FakeConversation deletes(String userId, long sequenceNumber, @Nullable String reason) {
        deleted++;
        TimelineEvent message = message(sequenceNumber);
        TimelineEvent event = event("message.deleted", userId);
        message.setDeletedAt(event.getTimestamp());
        message.setDeletedBy(userId);
        message.getMessage().setContent(new Content("deleted", null, null, null, null));
        event.setChange(new MessageChange("m" + sequenceNumber, sequenceNumber, 0L, reason, 0, false));
        Message deletedMessage = message.getMessage();
        return deletedMessage.getThread() == null && deletedMessage.getExpiresAt() == null
                ? lists(Ids.DELETED, sequenceNumber)
                : this;
    }

    /// Somebody adds an emoji to a message.
    public FakeConversation reacts(String userId, long sequenceNumber, String emoji) {
        TimelineEvent event = annotating("reaction", userId);
        Annotation byAll = annotation(sequenceNumber, "");
        List<EmojiUse> emojis = new ArrayList<>(byAll.getEmojis());
        int place = (int)
                emojis.stream().takeWhile(use -> !use.getEmoji().equals(emoji)).count();
        if (place == emojis.size()) {
            emojis.add(new EmojiUse(emoji, 0, last, List.of()));
        }
        EmojiUse use = emojis.get(place);
        List<String> userIds = new ArrayList<>(use.getUserIds());
        userIds.add(userId);
        emojis.set(place, new EmojiUse(emoji, use.getCount() + 1, use.getSince(), userIds));
        byAll.setEmojis(emojis);
        Annotation own = annotation(sequenceNumber, userId);
        List<OwnReaction> reactions = new ArrayList<>(own.getReactions());
        reactions.add(new OwnReaction(place, last, event.getTimestamp(), false));
        own.setReactions(reactions);
        event.setChange(new MessageChange("m" + sequenceNumber, sequenceNumber, 0L, null, place, false));
        return this;
    }

    /// Somebody pins a message.
    public FakeConversation pins(String userId, long sequenceNumber) {
        TimelineEvent event = annotating("message.pinned", userId);
        annotation(sequenceNumber, "").setPin(new MessagePin(userId, last, event.getTimestamp(), false));
        Annotation ofConversation = annotation(0, "");
        List<PinnedMessage> pins = new ArrayList<>(ofConversation.getPins());
        pins.add(new PinnedMessage("m" + sequenceNumber, sequenceNumber));
        ofConversation.setPins(pins);
        event.setChange(new MessageChange("m" + sequenceNumber, sequenceNumber, 0L, null, 0, false));
        return this;
    }

    /// The view of annotations does not hold yet what came after this number.
    public FakeConversation isBehind(long sequenceNumber) {
        annotation(0, "").setChangedBy(sequenceNumber);
        return this;
    }

    private TimelineEvent annotating(String kind, String userId) {
        annotated = last + 1;
        TimelineEvent event = event(kind, userId);
        annotation(0, "").setChangedBy(last);
        return event;
    }

    private Annotation annotation(long sequenceNumber, String userId) {
        AnnotationKey annotation = new AnnotationKey(key, sequenceNumber, userId);
        Annotation there = views.annotation(annotation);
        if (there == null) {
            there = new Annotation(
                    TENANT, key.conversationId(), sequenceNumber, userId, last, List.of(), null, List.of(), List.of());
            views.put(annotation, there);
        }
        return there;
    }

    private TimelineEvent message(long sequenceNumber) {
        TimelineEvent message = events.get(sequenceNumber);
        if (message == null || message.getMessage() == null) {
            throw new IllegalStateException("No message");
        }
        return message;
    }

    public FakeConversation saysTimes(int times, String userId) {
        for (int i = 0; i < times; i++) {
            says(userId, "hello");
        }
        return this;
    }

    /// Takes an event from the disk.
    public FakeConversation loses(long sequenceNumber) {
        events.remove(sequenceNumber);
        return this;
    }

    public FakeConversation receives(String userId, long delivered, long read) {
        views.receipts
                .computeIfAbsent(key, any -> new TreeMap<>())
                .put(
                        userId,
                        new Receipt(
                                TENANT,
                                key.conversationId(),
                                userId,
                                delivered,
                                delivered == 0 ? null : clock(),
                                read,
                                read == 0 ? null : clock(),
                                0L,
                                null));
        return this;
    }

    /// How far those who left had come, as the sequencer keeps it.
    public FakeConversation hadCome(long from, long delivered, long read) {
        Receipt gone = new Receipt(TENANT, key.conversationId(), "", delivered, null, read, null, from, null);
        views.receipts.computeIfAbsent(key, any -> new TreeMap<>()).put("", gone);
        return this;
    }
}
