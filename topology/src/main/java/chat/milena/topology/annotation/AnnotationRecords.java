package chat.milena.topology.annotation;

import chat.milena.conversation.state.EmojiUse;
import chat.milena.conversation.state.EventTime;
import chat.milena.conversation.state.MessageAnnotations;
import chat.milena.conversation.state.MessageAnnotations.MessagePin;
import chat.milena.conversation.state.MessageAnnotations.PinnedMessage;
import chat.milena.conversation.state.OwnReactions;
import chat.milena.schemas.avro.Annotation;
import chat.milena.schemas.avro.IndexedMessage;
import chat.milena.schemas.avro.OwnReaction;
import chat.milena.schemas.key.AnnotationKey;
import chat.milena.schemas.key.ConversationKey;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Turns what was added to messages into records and back. Pure.
public final class AnnotationRecords {
    private AnnotationRecords() {}

    /// What all added to a message.
    ///
    /// @param changedBy the number of the event that changed it
    public static Annotation ofMessage(AnnotationKey key, MessageAnnotations annotations, long changedBy) {
        Annotation record = annotation(key, changedBy);
        record.setEmojis(emojis(annotations));
        record.setPin(pin(annotations));
        return record;
    }

    /// What one user added.
    public static Annotation ofUser(AnnotationKey key, OwnReactions own, long changedBy) {
        Annotation record = annotation(key, changedBy);
        record.setReactions(new TreeMap<>(own.byPlace())
                .entrySet().stream()
                        .map(entry -> new OwnReaction(
                                entry.getKey(),
                                entry.getValue().by().sequenceNumber(),
                                entry.getValue().by().timestamp(),
                                entry.getValue().removed()))
                        .toList());
        return record;
    }

    /// The record of a conversation.
    public static Annotation ofConversation(ConversationKey key, List<PinnedMessage> pins, long changedBy) {
        Annotation record = annotation(AnnotationKey.ofConversation(key), changedBy);
        record.setPins(pins.stream()
                .map(pin -> new chat.milena.schemas.avro.PinnedMessage(pin.messageId(), pin.sequenceNumber()))
                .toList());
        return record;
    }

    private static Annotation annotation(AnnotationKey key, long changedBy) {
        ConversationKey conversation = key.conversation();
        return new Annotation(
                conversation.tenant(),
                conversation.conversationId(),
                key.sequenceNumber(),
                key.userId(),
                changedBy,
                List.of(),
                null,
                List.of(),
                List.of());
    }

    /// The emoji.
    public static List<chat.milena.schemas.avro.EmojiUse> emojis(MessageAnnotations annotations) {
        return annotations.emojis().stream()
                .map(use -> new chat.milena.schemas.avro.EmojiUse(use.emoji(), use.count(), use.since(), use.userIds()))
                .toList();
    }

    /// The pin; null if the message was never pinned.
    public static chat.milena.schemas.avro.@Nullable MessagePin pin(MessageAnnotations annotations) {
        MessagePin pin = annotations.pin();
        return pin == null
                ? null
                : new chat.milena.schemas.avro.MessagePin(
                        pin.userId(), pin.by().sequenceNumber(), pin.by().timestamp(), pin.removed());
    }

    /// What was added to a message of the index.
    public static MessageAnnotations annotations(IndexedMessage stored) {
        if (stored.getEmojis().isEmpty() && stored.getPin() == null) {
            return MessageAnnotations.NONE;
        }
        return new MessageAnnotations(
                stored.getEmojis().stream()
                        .map(use -> new EmojiUse(use.getEmoji(), use.getCount(), use.getSince(), use.getUserIds()))
                        .toList(),
                stored.getPin() == null
                        ? null
                        : new MessagePin(
                                stored.getPin().getUserId(),
                                new EventTime(
                                        stored.getPin().getSequenceNumber(),
                                        stored.getPin().getTimestamp()),
                                stored.getPin().getRemoved()));
    }

    /// What one user added.
    public static OwnReactions ownReactions(Annotation stored) {
        Map<Integer, OwnReactions.OwnReaction> byPlace = new TreeMap<>();
        for (OwnReaction reaction : stored.getReactions()) {
            EventTime by = new EventTime(reaction.getSequenceNumber(), reaction.getTimestamp());
            byPlace.put(reaction.getEmoji(), new OwnReactions.OwnReaction(by, reaction.getRemoved()));
        }
        return new OwnReactions(byPlace);
    }

    /// The pinned messages.
    public static List<PinnedMessage> pins(@Nullable Annotation stored) {
        return stored == null
                ? List.of()
                : stored.getPins().stream()
                        .map(pin -> new PinnedMessage(pin.getMessageId(), pin.getSequenceNumber()))
                        .toList();
    }
}
