package chat.milena.push.topology;

import chat.milena.push.pending.PendingMessage;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.Hold;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.avro.MovedReceipt;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.ShownContent;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.word.EventKind;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.schemas.word.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a delivery means for push.
sealed interface DeliveredChange {
    /// Whether it means something for this recipient.
    default boolean concerns(String recipientId) {
        return true;
    }

    /// A message. For its sender, everything before it is read.
    record Message(TimelineEvent event) implements DeliveredChange, Notifying {
        @Override
        public String senderId() {
            return event.getActorId();
        }

        long sequenceNumber() {
            return event.getSequenceNumber();
        }

        @Override
        public PendingMessage pendingFor(String userId) {
            return new PendingMessage(
                    event.getSequenceNumber(),
                    event.getMessage().getMessageId(),
                    event.getActorId(),
                    event.getTimestamp(),
                    DeliveredChange.mentions(event.getMessage().getContent().getMentions(), userId),
                    event.getMessage().getExpiresAt());
        }
    }

    /// A message that waited for a moderator is shown to others for the first time: it notifies under the number of
    /// that event.
    record Released(TimelineEvent event, ShownContent content) implements DeliveredChange, Notifying {
        @Override
        public boolean concerns(String recipientId) {
            return !recipientId.equals(senderId()) && !content.getWithoutIt().contains(recipientId);
        }

        @Override
        public String senderId() {
            return content.getDisclosed().getSenderId();
        }

        @Override
        public PendingMessage pendingFor(String userId) {
            return new PendingMessage(
                    event.getSequenceNumber(),
                    event.getChange().getMessageId(),
                    senderId(),
                    event.getTimestamp(),
                    DeliveredChange.mentions(content.getContent().getMentions(), userId),
                    content.getExpiresAt());
        }
    }

    /// A message that was held since an edit is shown to others again. It notifies those who were not notified before.
    record ReleasedAgain(Released release) implements DeliveredChange {
        @Override
        public boolean concerns(String recipientId) {
            return release.concerns(recipientId);
        }

        PendingMessage pendingFor(String userId) {
            return release.pendingFor(userId);
        }
    }

    /// Something that recipients other than the sender are to be notified of.
    sealed interface Notifying {
        TimelineEvent event();

        String senderId();

        /// What a recipient may be notified of.
        PendingMessage pendingFor(String userId);

        default boolean isDirect(MembershipKey key) {
            return key.conversationId()
                    .equals(Ids.directConversation(
                            event().getTenant(), senderId(), key.user().userId()));
        }
    }

    /// A user has read up to a number.
    record Read(String userId, long upTo) implements DeliveredChange {
        @Override
        public boolean concerns(String recipientId) {
            return userId.equals(recipientId);
        }
    }

    /// A device of a user has the messages up to a number.
    record OnDevice(String userId, String deviceId, long upTo) implements DeliveredChange {
        @Override
        public boolean concerns(String recipientId) {
            return userId.equals(recipientId);
        }
    }

    /// The conversation is gone for the recipient up to a number.
    record Cleared(long upTo) implements DeliveredChange {}

    /// A message is held for a moderator since it was edited.
    record Held(String messageId) implements DeliveredChange {}

    /// A message was deleted.
    record Deleted(String messageId) implements DeliveredChange {}

    /// A message was edited.
    record Edited(String messageId, ShownContent content) implements DeliveredChange {
        boolean mentions(String userId) {
            return DeliveredChange.mentions(content.getContent().getMentions(), userId);
        }
    }

    /// Users left the conversation.
    record Left(Set<String> userIds) implements DeliveredChange {}

    /// All changes that a delivery brings; most bring one or none.
    static List<DeliveredChange> of(Delivery delivery) {
        List<DeliveredChange> changes = new ArrayList<>(1);
        if (delivery.getEvent() != null) {
            add(changes, of(delivery.getEvent(), delivery.getContent()));
        }
        if (delivery.getReceipt() != null) {
            add(changes, of(delivery.getReceipt()));
        }
        if (delivery.getPersonal() != null && delivery.getPersonal().getClearedUpTo() > 0) {
            changes.add(new Cleared(delivery.getPersonal().getClearedUpTo()));
        }
        return changes;
    }

    private static void add(List<DeliveredChange> changes, @Nullable DeliveredChange change) {
        if (change != null) {
            changes.add(change);
        }
    }

    private static @Nullable DeliveredChange of(TimelineEvent event, @Nullable ShownContent content) {
        EventKind kind = Word.parse(EventKind.class, event.getKind()).orElse(null);
        return switch (kind) {
            case null -> null;
            case MESSAGE ->
                // The sender has read everything before it; others are notified of its release.
                event.getHold() == null ? new Message(event) : new Read(event.getActorId(), event.getSequenceNumber());
            case MESSAGE_EDITED -> edited(event.getChange().getMessageId(), event.getHold(), content);
            case MESSAGE_RELEASED -> released(event, content);
            case MESSAGE_DELETED -> new Deleted(event.getChange().getMessageId());
            case MEMBER_REMOVED ->
                new Left(event.getParticipants().stream()
                        .map(Participant::getUserId)
                        .collect(Collectors.toSet()));
            case REACTION, MESSAGE_PINNED, CONVERSATION_CREATED, CONVERSATION_UPDATED, MEMBER_ADDED, ROLE_CHANGED ->
                null;
        };
    }

    private static @Nullable DeliveredChange released(TimelineEvent event, @Nullable ShownContent content) {
        if (content == null) {
            return null;
        }
        Released release = new Released(event, content);
        return content.getDisclosed().getShownBefore() ? new ReleasedAgain(release) : release;
    }

    private static @Nullable DeliveredChange edited(
            String messageId, @Nullable Hold hold, @Nullable ShownContent content) {
        if (hold != null) {
            return new Held(messageId);
        }
        return content == null ? null : new Edited(messageId, content);
    }

    private static @Nullable DeliveredChange of(MovedReceipt receipt) {
        if (receipt.getKind().equals(ReceiptKind.READ.word())) {
            return new Read(receipt.getUserId(), receipt.getUpToSequence());
        }
        return receipt.getDeviceId() == null
                ? null
                : new OnDevice(receipt.getUserId(), receipt.getDeviceId(), receipt.getUpToSequence());
    }

    private static boolean mentions(@Nullable Mentions mentions, String userId) {
        return mentions != null && (mentions.getAll() || mentions.getUserIds().contains(userId));
    }
}
