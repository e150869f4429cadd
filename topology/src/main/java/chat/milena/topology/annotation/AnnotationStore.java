package chat.milena.topology.annotation;

import chat.milena.conversation.state.EmojiUse;
import chat.milena.conversation.state.MessageAnnotations.PinnedMessage;
import chat.milena.conversation.state.OwnReactions;
import chat.milena.schemas.avro.Annotation;
import chat.milena.schemas.avro.OwnReaction;
import chat.milena.schemas.key.AnnotationKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.streams.run.ExpiringEntries;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// What was added to messages, but for what the index of messages holds of each: who added what, and which
/// messages of a conversation are pinned. For the stream thread alone.
public final class AnnotationStore {
    /// (Conversation, message, user) → what they added to it, for as long as messages are kept.
    public static final String REACTIONS = "reactions";

    /// Conversation → its pinned messages.
    public static final String PINS = "pins";

    /// Behind the ids of all users.
    private static final String BEHIND_ALL = "\u007f";

    private final ExpiringEntries<AnnotationKey, Annotation> byUser;
    private final KeyValueStore<ConversationKey, Annotation> byConversation;

    /// The store of a task.
    public AnnotationStore(ProcessorContext<?, ?> context) {
        this.byUser = new ExpiringEntries<>(context.getStateStore(REACTIONS));
        this.byConversation = context.getStateStore(PINS);
    }

    /// What this user added to this message.
    public OwnReactions reactions(AnnotationKey key) {
        Annotation stored = byUser.find(key);
        return stored == null ? OwnReactions.NONE : AnnotationRecords.ownReactions(stored);
    }

    /// Who has an emoji on a message, oldest first; reads all who ever reacted to it.
    ///
    /// @param without not this user
    public List<String> reactors(ConversationKey key, long sequenceNumber, int place, String without) {
        record Reactor(String userId, long since) {}
        List<Reactor> reactors = new ArrayList<>();
        byUser.range(
                AnnotationKey.ofMessage(key, sequenceNumber),
                new AnnotationKey(key, sequenceNumber, BEHIND_ALL),
                stored -> {
                    for (OwnReaction reaction : stored.getReactions()) {
                        if (reaction.getEmoji() == place && !reaction.getRemoved()) {
                            reactors.add(new Reactor(stored.getUserId(), reaction.getSequenceNumber()));
                        }
                    }
                });
        return reactors.stream()
                .filter(reactor -> !reactor.userId().equals(without))
                .sorted(Comparator.comparingLong(Reactor::since))
                .limit(EmojiUse.KEPT_MAX)
                .map(Reactor::userId)
                .toList();
    }

    /// The pinned messages, oldest pin first.
    public List<PinnedMessage> pins(ConversationKey key) {
        return AnnotationRecords.pins(byConversation.get(key));
    }

    /// Saves what a user added to a message.
    public void putReactions(AnnotationKey key, Annotation reactions, long epochMillis) {
        byUser.put(key, reactions, epochMillis);
    }

    /// Saves the pinned messages.
    public void putPins(ConversationKey key, List<PinnedMessage> pins) {
        byConversation.put(key, AnnotationRecords.ofConversation(key, pins, 0));
    }

    /// The record of the conversation after an event that changed an annotation.
    public Annotation marked(ConversationKey key, long sequenceNumber) {
        return AnnotationRecords.ofConversation(key, pins(key), sequenceNumber);
    }
}
