package chat.milena.protocol.timeline;

import chat.milena.protocol.conversation.ConversationView;
import chat.milena.protocol.conversation.GroupSettings;
import chat.milena.protocol.conversation.Person;
import chat.milena.protocol.json.JsonText;
import chat.milena.schemas.avro.ConversationProperties;
import chat.milena.schemas.avro.MessageChange;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.ThreadSummary;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.word.EventKind;
import chat.milena.schemas.word.Word;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One numbered entry of a conversation's timeline. Its `kind` says which fields it has.
@JsonTypeInfo(
        use = JsonTypeInfo.Id.NAME,
        include = JsonTypeInfo.As.EXISTING_PROPERTY,
        property = "kind",
        visible = true,
        defaultImpl = Entry.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = Entry.Message.class, name = "message"),
    @JsonSubTypes.Type(value = Entry.MessageEdited.class, name = "message.edited"),
    @JsonSubTypes.Type(value = Entry.MessageDeleted.class, name = "message.deleted"),
    @JsonSubTypes.Type(value = Entry.MessageReleased.class, name = "message.released"),
    @JsonSubTypes.Type(value = Entry.Reaction.class, name = "reaction"),
    @JsonSubTypes.Type(value = Entry.MessagePinned.class, name = "message.pinned"),
    @JsonSubTypes.Type(value = Entry.ConversationCreated.class, name = "conversation.created"),
    @JsonSubTypes.Type(value = Entry.ConversationUpdated.class, name = "conversation.updated"),
    @JsonSubTypes.Type(value = Entry.MemberAdded.class, name = "member.added"),
    @JsonSubTypes.Type(value = Entry.MemberRemoved.class, name = "member.removed"),
    @JsonSubTypes.Type(value = Entry.RoleChanged.class, name = "role.changed")
})
@JsonPropertyOrder({"sequenceNumber", "timestamp", "kind"})
public sealed interface Entry {
    long sequenceNumber();

    /// Milliseconds since 1970.
    long timestamp();

    /// The kind of the entry.
    @JsonProperty("kind")
    String kind();

    /// A message as it is now. One that is hidden has `sequenceNumber`, `timestamp`, `kind` and `hidden` alone.
    ///
    /// @param content left out if the message was deleted
    /// @param revision how often its content was edited
    /// @param replyTo the message that it quotes
    /// @param inThread of a reply: its place; of the message that begins a thread: the thread
    /// @param reactions in the order in which their emoji came
    /// @param pinned `true`, or left out
    /// @param status of the user's own message: how far it has come with all others
    /// @param held `true` while it waits for a moderator; else left out
    /// @param hidden `true` for those who are not shown it while it waits; else left out
    record Message(
            long sequenceNumber,
            long timestamp,
            @Nullable String messageId,
            @Nullable String senderId,
            @Nullable MessageContent content,
            @Nullable Long expiresAt,
            @Nullable Long revision,
            @Nullable Long editedAt,
            @Nullable Long deletedAt,
            @Nullable String deletedBy,
            @Nullable Quote replyTo,
            @JsonUnwrapped InThread inThread,
            @Nullable List<EmojiReactions> reactions,
            @Nullable Boolean pinned,
            @Nullable MessageStatus status,
            @Nullable Boolean held,
            @Nullable Boolean hidden)
            implements Entry {
        @Override
        public String kind() {
            return EventKind.MESSAGE.word();
        }
    }

    /// A message was edited; its own entry has the new content.
    ///
    /// @param targetSequence the number of the message
    /// @param messageId left out for those who had never been shown the message
    /// @param actorId left out for those to whom the message was hidden then
    /// @param revision the revision after this edit; left out as `messageId` is
    record MessageEdited(
            long sequenceNumber,
            long timestamp,
            @Nullable String messageId,
            long targetSequence,
            @Nullable String actorId,
            @Nullable Long revision)
            implements Entry {
        @Override
        public String kind() {
            return EventKind.MESSAGE_EDITED.word();
        }
    }

    /// A message was held for a moderator, and is no longer.
    ///
    /// @param targetSequence the number of the message
    record MessageReleased(long sequenceNumber, long timestamp, String messageId, long targetSequence, String actorId)
            implements Entry {
        @Override
        public String kind() {
            return EventKind.MESSAGE_RELEASED.word();
        }
    }

    /// A message was deleted.
    ///
    /// @param targetSequence the number of the message
    record MessageDeleted(
            long sequenceNumber,
            long timestamp,
            String messageId,
            long targetSequence,
            String actorId,
            @Nullable String reason)
            implements Entry {
        /// For readers who may not read the message.
        public MessageDeleted withoutReason() {
            return new MessageDeleted(sequenceNumber, timestamp, messageId, targetSequence, actorId, null);
        }

        @Override
        public String kind() {
            return EventKind.MESSAGE_DELETED.word();
        }
    }

    /// Somebody added an emoji to a message, or took it away.
    ///
    /// @param targetSequence the number of the message
    /// @param emoji left out where the message was deleted, or the reader may not read it
    record Reaction(
            long sequenceNumber,
            long timestamp,
            String messageId,
            long targetSequence,
            String actorId,
            @Nullable String emoji,
            boolean removed)
            implements Entry {
        @Override
        public String kind() {
            return EventKind.REACTION.word();
        }
    }

    /// A message was pinned, or is no longer.
    ///
    /// @param targetSequence the number of the message
    record MessagePinned(
            long sequenceNumber, long timestamp, String messageId, long targetSequence, String actorId, boolean removed)
            implements Entry {
        @Override
        public String kind() {
            return EventKind.MESSAGE_PINNED.word();
        }
    }

    /// The first entry of a conversation.
    ///
    /// @param participants the first [ConversationView#PARTICIPANTS_MAX]
    record ConversationCreated(
            long sequenceNumber,
            long timestamp,
            String actorId,
            String type,
            @Nullable String name,
            @Nullable GroupSettings settings,
            List<Person> participants,
            int memberCount)
            implements Entry {
        @Override
        public String kind() {
            return EventKind.CONVERSATION_CREATED.word();
        }
    }

    /// A change of a group's profile or settings; all are given as they are now.
    ///
    /// @param custom any JSON object
    record ConversationUpdated(
            long sequenceNumber,
            long timestamp,
            String actorId,
            String type,
            @Nullable String name,
            @Nullable String avatarUrl,
            @Nullable JsonText custom,
            @Nullable GroupSettings settings)
            implements Entry {
        @Override
        public String kind() {
            return EventKind.CONVERSATION_UPDATED.word();
        }
    }

    /// Members were added.
    record MemberAdded(long sequenceNumber, long timestamp, String actorId, List<String> userIds) implements Entry {
        @Override
        public String kind() {
            return EventKind.MEMBER_ADDED.word();
        }
    }

    /// Members left or were removed.
    record MemberRemoved(long sequenceNumber, long timestamp, String actorId, List<String> userIds) implements Entry {
        @Override
        public String kind() {
            return EventKind.MEMBER_REMOVED.word();
        }
    }

    /// Members have a new role.
    record RoleChanged(
            long sequenceNumber,
            long timestamp,
            String actorId,
            List<String> userIds,
            @Nullable String role) implements Entry {
        @Override
        public String kind() {
            return EventKind.ROLE_CHANGED.word();
        }
    }

    /// An entry of a kind from a later version, so that clients see that its number is no gap.
    record Unknown(long sequenceNumber, long timestamp, String kind, String actorId) implements Entry {}

    /// The entry of an event.
    ///
    /// @param added what was added to the message, or to the target of the event
    /// @param thread that the message begins; null if it begins none
    /// @param status of the reader's own message; null for messages of others
    static Entry of(TimelineEvent event, Added added, @Nullable ThreadSummary thread, @Nullable MessageStatus status) {
        long number = event.getSequenceNumber();
        long timestamp = event.getTimestamp().toEpochMilli();
        String actorId = event.getActorId();
        EventKind kind = Word.parse(EventKind.class, event.getKind()).orElse(null);
        if (kind == null) {
            return new Unknown(number, timestamp, event.getKind(), actorId);
        }
        List<Participant> people = event.getParticipants();
        ConversationProperties properties = event.getConversation();
        return switch (kind) {
            case MESSAGE -> message(event, added, thread, status);
            case MESSAGE_EDITED -> {
                MessageChange change = event.getChange();
                yield new MessageEdited(
                        number,
                        timestamp,
                        change.getMessageId(),
                        change.getTargetSequence(),
                        actorId,
                        change.getRevision());
            }
            case MESSAGE_DELETED -> {
                MessageChange change = event.getChange();
                yield new MessageDeleted(
                        number,
                        timestamp,
                        change.getMessageId(),
                        change.getTargetSequence(),
                        actorId,
                        change.getReason());
            }
            case MESSAGE_RELEASED -> {
                MessageChange change = event.getChange();
                yield new MessageReleased(
                        number, timestamp, change.getMessageId(), change.getTargetSequence(), actorId);
            }
            case REACTION -> {
                MessageChange change = event.getChange();
                yield new Reaction(
                        number,
                        timestamp,
                        change.getMessageId(),
                        change.getTargetSequence(),
                        actorId,
                        added.emoji(change.getEmoji()),
                        change.getRemoved());
            }
            case MESSAGE_PINNED -> {
                MessageChange change = event.getChange();
                yield new MessagePinned(
                        number,
                        timestamp,
                        change.getMessageId(),
                        change.getTargetSequence(),
                        actorId,
                        change.getRemoved());
            }
            case CONVERSATION_CREATED ->
                new ConversationCreated(
                        number,
                        timestamp,
                        actorId,
                        properties.getType(),
                        properties.getName(),
                        GroupSettings.of(properties.getType(), properties.getSettings()),
                        ConversationView.people(people.stream()),
                        people.size());
            case CONVERSATION_UPDATED ->
                new ConversationUpdated(
                        number,
                        timestamp,
                        actorId,
                        properties.getType(),
                        properties.getName(),
                        properties.getAvatarUrl(),
                        JsonText.ofObject(properties.getCustom()),
                        GroupSettings.of(properties.getType(), properties.getSettings()));
            case MEMBER_ADDED -> new MemberAdded(number, timestamp, actorId, userIds(people));
            case MEMBER_REMOVED -> new MemberRemoved(number, timestamp, actorId, userIds(people));
            // One event gives all its members the same role.
            case ROLE_CHANGED ->
                new RoleChanged(
                        number,
                        timestamp,
                        actorId,
                        userIds(people),
                        people.isEmpty() ? null : people.get(0).getRole());
        };
    }

    private static Message message(
            TimelineEvent event, Added added, @Nullable ThreadSummary thread, @Nullable MessageStatus status) {
        chat.milena.schemas.avro.Message message = event.getMessage();
        boolean deleted = event.getDeletedAt() != null;
        return new Message(
                event.getSequenceNumber(),
                event.getTimestamp().toEpochMilli(),
                message.getMessageId(),
                event.getActorId(),
                deleted ? null : MessageContent.of(message.getContent()),
                millis(message.getExpiresAt()),
                event.getRevision(),
                millis(event.getEditedAt()),
                millis(event.getDeletedAt()),
                event.getDeletedBy(),
                Quote.of(message.getReplyTo()),
                InThread.of(message.getThread(), thread),
                deleted ? List.of() : added.reactions(),
                deleted ? null : added.pinned(),
                status,
                Held.mark(event),
                null);
    }

    private static @Nullable Long millis(@Nullable Instant moment) {
        return moment == null ? null : moment.toEpochMilli();
    }

    private static List<String> userIds(List<Participant> people) {
        return people.stream().map(Participant::getUserId).toList();
    }
}
