package chat.milena.gateway.delivery;

import chat.milena.protocol.frame.MessageFrames;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.protocol.timeline.Held;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.ShownContent;
import chat.milena.schemas.avro.ShownReaction;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.word.EventKind;
import chat.milena.schemas.word.Word;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The frames of one event: the same for all recipients, except for members whom it adds or removes, who may not
/// read its message, or are not shown it while it waits for a moderator.
///
/// Each is encoded once, for its first recipient, and not at all without one. For one thread.
public final class EventFrames {
    private final TimelineEvent event;
    private final @Nullable ConversationSnapshot conversation;
    private final @Nullable ShownContent content;
    private final @Nullable ShownReaction reaction;
    private final @Nullable EventKind kind;
    /// Whether a message waits for a moderator: then those who are named are shown it, and else they are not.
    private final boolean waits;

    private final Set<String> named;
    /// Of reactions in a large group: their numbers, and how often each emoji is used after them.
    private final List<Long> numbers = new ArrayList<>();
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private @Nullable ServerFrame forNamed;
    private @Nullable ServerFrame forOthers;

    private EventFrames(Delivery delivery) {
        this.event = delivery.getEvent();
        this.conversation = delivery.getConversation();
        this.content = delivery.getContent();
        this.reaction = delivery.getReaction();
        this.kind = Word.parse(EventKind.class, event.getKind()).orElse(null);
        this.waits = Held.waits(event);
        this.named = waits ? shownTo(delivery) : named(delivery);
        if (reaction != null && reaction.getGathered()) {
            gather(delivery);
        }
    }

    private void gather(Delivery delivery) {
        numbers.add(delivery.getEvent().getSequenceNumber());
        counts.put(delivery.getReaction().getEmoji(), delivery.getReaction().getCount());
    }

    /// Those who are shown a message that waits. They were named when it began to: one who has left and come back
    /// since may be among those who may not read it.
    private static Set<String> shownTo(Delivery delivery) {
        Set<String> shownTo = new HashSet<>(delivery.getEvent().getHold().getShownTo());
        if (delivery.getContent() != null) {
            delivery.getContent().getWithoutIt().forEach(shownTo::remove);
        }
        return shownTo;
    }

    /// A message has no such members, and there are many messages.
    private static Set<String> named(Delivery delivery) {
        if (delivery.getContent() != null) {
            return Set.copyOf(delivery.getContent().getWithoutIt());
        }
        if (delivery.getReaction() != null) {
            return Set.copyOf(delivery.getReaction().getWithoutIt());
        }
        TimelineEvent event = delivery.getEvent();
        return event.getParticipants().isEmpty()
                ? Set.of()
                : event.getParticipants().stream().map(Participant::getUserId).collect(Collectors.toSet());
    }

    /// The frames of the event of this delivery.
    public static EventFrames of(Delivery delivery) {
        return new EventFrames(delivery);
    }

    /// The frames of several reactions to one message of a large group.
    ///
    /// @param reactions in the order of the log; at least one
    public static EventFrames together(List<Delivery> reactions) {
        EventFrames together = new EventFrames(reactions.getLast());
        together.numbers.clear();
        together.counts.clear();
        reactions.forEach(together::gather);
        return together;
    }

    /// Whether the event is about a message, rather than the conversation.
    public boolean isOfMessage() {
        return switch (kind) {
            case MESSAGE, MESSAGE_EDITED, MESSAGE_DELETED, MESSAGE_RELEASED, REACTION, MESSAGE_PINNED -> true;
            case CONVERSATION_CREATED, CONVERSATION_UPDATED, MEMBER_ADDED, MEMBER_REMOVED, ROLE_CHANGED -> false;
            case null -> false;
        };
    }

    /// Whether a message was deleted.
    boolean isDeletion() {
        return kind == EventKind.MESSAGE_DELETED;
    }

    /// The frame for this recipient; null for a kind that this version does not know, which clients find by the
    /// gap in the numbers.
    public @Nullable ServerFrame frameFor(String userId) {
        return switch (kind) {
            case null -> null;
            case MESSAGE ->
                waits && !named.contains(userId)
                        ? others(() -> MessageFrames.hidden(event))
                        : named(() -> MessageFrames.created(event));
            case MESSAGE_EDITED ->
                waits
                        ? heldEdit(userId)
                        : named.contains(userId)
                                ? named(() -> MessageFrames.edited(event, null))
                                : others(() -> MessageFrames.edited(event, shownContent()));
            case MESSAGE_RELEASED ->
                named.contains(userId)
                        ? named(() -> MessageFrames.released(event, null))
                        : others(() -> MessageFrames.released(event, shownContent()));
            case MESSAGE_DELETED ->
                named.contains(userId)
                        ? named(() -> MessageFrames.deleted(event, false, content))
                        : others(() -> MessageFrames.deleted(event, true, content));
            case REACTION ->
                named.contains(userId) ? named(() -> reactionFrame(false)) : others(() -> reactionFrame(true));
            case MESSAGE_PINNED -> others(() -> ServerFrames.messagePinned(event));
            case CONVERSATION_CREATED -> others(() -> ServerFrames.conversationCreated(event, shown()));
            case CONVERSATION_UPDATED, ROLE_CHANGED -> others(() -> ServerFrames.conversationUpdated(event, shown()));
            case MEMBER_ADDED ->
                named.contains(userId)
                        ? named(() -> ServerFrames.conversationCreated(event, shown()))
                        : others(() -> ServerFrames.conversationUpdated(event, shown()));
            case MEMBER_REMOVED ->
                named.contains(userId)
                        ? named(() -> ServerFrames.conversationLeft(event))
                        : others(() -> ServerFrames.conversationUpdated(event, shown()));
        };
    }

    private ServerFrame heldEdit(String userId) {
        return named.contains(userId)
                ? named(() -> MessageFrames.edited(event, shownContent()))
                : others(() -> MessageFrames.hiddenEdit(event));
    }

    private ServerFrame reactionFrame(boolean withEmoji) {
        return numbers.isEmpty()
                ? ServerFrames.messageReaction(event, withEmoji ? reaction : null)
                : ServerFrames.messageReactions(event, numbers, withEmoji ? counts : null);
    }

    private ServerFrame named(Supplier<ServerFrame> encode) {
        if (forNamed == null) {
            forNamed = encode.get();
        }
        return forNamed;
    }

    private ServerFrame others(Supplier<ServerFrame> encode) {
        if (forOthers == null) {
            forOthers = encode.get();
        }
        return forOthers;
    }

    private ShownContent shownContent() {
        if (content == null) {
            throw new IllegalStateException("A change of a message was delivered without the content");
        }
        return content;
    }

    private ConversationSnapshot shown() {
        if (conversation == null) {
            throw new IllegalStateException("A change of a conversation was delivered without it");
        }
        return conversation;
    }
}
