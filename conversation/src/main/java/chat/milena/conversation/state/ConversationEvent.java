package chat.milena.conversation.state;

import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Hold;
import chat.milena.schemas.avro.Message;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that happened to a conversation and took its next number. The event itself defines its effect.
public sealed interface ConversationEvent {

    /// Its effect on the memberships.
    MembershipDelta memberships();

    /// Its effect on the counts.
    MessageCounts counts();

    /// The conversation's properties after it.
    ConversationProperties propertiesAfter(ConversationProperties before);

    /// Whether it changes the conversation itself, so that this is saved and shown to clients.
    boolean changesConversation();

    /// Whether it changes what was added to messages.
    default boolean annotates() {
        return false;
    }

    /// An event about messages: it does not change the conversation itself.
    sealed interface MessageEvent extends ConversationEvent {
        @Override
        default ConversationProperties propertiesAfter(ConversationProperties before) {
            return before;
        }

        @Override
        default boolean changesConversation() {
            return false;
        }
    }

    /// An event about the conversation itself: its properties, its members, their roles. It adds no message.
    sealed interface ConversationChange extends ConversationEvent {
        @Override
        default MessageCounts counts() {
            return MessageCounts.NONE;
        }

        @Override
        default boolean changesConversation() {
            return true;
        }
    }

    /// A message was added.
    ///
    /// @param joined its sender's membership, if they joined in by it; null if they had before
    /// @param thread of a reply: its thread with it; else null
    /// @param hold that it waits for a moderator; null if it does not
    record MessageSent(
            Message message,
            @Nullable Membership joined,
            @Nullable ThreadState thread,
            @Nullable Hold hold) implements MessageEvent {

        /// Whether it is a reply that is shown in its thread alone: such messages do not count in the
        /// conversation.
        public boolean isHidden() {
            return message.getThread() != null && !message.getThread().getShowInConversation();
        }

        @Override
        public MembershipDelta memberships() {
            return joined == null ? MembershipDelta.NONE : MembershipDelta.changed(joined);
        }

        @Override
        public MessageCounts counts() {
            MessageCounts counts = isHidden() ? MessageCounts.NONE : MessageCounts.one(message.getExpiresAt() != null);
            return hold == null ? counts : counts.holding();
        }
    }

    /// A message was edited.
    ///
    /// @param targetSequence the number of the message
    /// @param revision that this event made
    /// @param expiresAt from then on the message is no longer shown; null if it has no end of its own
    /// @param hold that it waits for a moderator since, or still; null if it does not
    record MessageEdited(
            String messageId,
            long targetSequence,
            long revision,
            Content content,
            @Nullable Instant expiresAt,
            @Nullable Hold hold)
            implements MessageEvent {
        @Override
        public MembershipDelta memberships() {
            return MembershipDelta.NONE;
        }

        @Override
        public MessageCounts counts() {
            return hold == null ? MessageCounts.NONE : MessageCounts.NONE.holding();
        }
    }

    /// A message waits for a moderator no longer.
    ///
    /// @param message as it is now
    /// @param thread that it is part of now, or begins; null without one
    /// @param joined its sender's membership, if they joined in by it; null if they had before, or are gone
    record MessageReleased(
            String messageId,
            FirstSend message,
            Content content,
            @Nullable ThreadState thread,
            @Nullable Membership joined)
            implements MessageEvent {
        @Override
        public MembershipDelta memberships() {
            return joined == null ? MembershipDelta.NONE : MembershipDelta.changed(joined);
        }

        @Override
        public MessageCounts counts() {
            return message.isHidden() || message.wasShown() ? MessageCounts.NONE : MessageCounts.SHOWN;
        }
    }

    /// A message was deleted.
    ///
    /// @param targetSequence the number of the message
    /// @param reason for people; null without one
    /// @param annotates whether something had been added to it
    /// @param disclosed the message, if it waited for a moderator until now; else null
    record MessageDeleted(
            String messageId,
            long targetSequence,
            @Nullable String reason,
            boolean annotates,
            @Nullable FirstSend disclosed)
            implements MessageEvent {
        @Override
        public MembershipDelta memberships() {
            return MembershipDelta.NONE;
        }

        @Override
        public MessageCounts counts() {
            return MessageCounts.DELETION;
        }
    }

    /// Somebody added an emoji to a message, or took it away.
    ///
    /// @param place of the emoji among those of the message
    /// @param count how many people have it there after this
    /// @param joined the membership of who did it, if they joined in by it; null if they had before
    record ReactionChanged(
            Target target,
            int place,
            String emoji,
            int count,
            boolean removed,
            @Nullable Membership joined) implements MessageEvent {

        /// The message.
        ///
        /// @param expiresAt from then on it is no longer shown; null if it has no end of its own
        public record Target(
                String messageId,
                long sequenceNumber,
                @Nullable Instant expiresAt) {}

        @Override
        public MembershipDelta memberships() {
            return joined == null ? MembershipDelta.NONE : MembershipDelta.changed(joined);
        }

        @Override
        public MessageCounts counts() {
            return MessageCounts.NONE;
        }

        @Override
        public boolean annotates() {
            return true;
        }
    }

    /// A message was pinned, or is no longer.
    ///
    /// @param targetSequence the number of the message
    record MessagePinned(String messageId, long targetSequence, boolean removed) implements MessageEvent {
        @Override
        public MembershipDelta memberships() {
            return MembershipDelta.NONE;
        }

        @Override
        public MessageCounts counts() {
            return MessageCounts.NONE;
        }

        @Override
        public boolean annotates() {
            return true;
        }
    }

    /// The conversation was made with these properties and members, by user.
    record ConversationCreated(ConversationProperties properties, List<Membership> members)
            implements ConversationChange {
        @Override
        public MembershipDelta memberships() {
            return MembershipDelta.added(members);
        }

        @Override
        public ConversationProperties propertiesAfter(ConversationProperties before) {
            throw new BrokenInvariantException("A conversation is made once");
        }
    }

    /// The properties of the conversation changed.
    record ConversationUpdated(ConversationProperties properties) implements ConversationChange {
        @Override
        public MembershipDelta memberships() {
            return MembershipDelta.NONE;
        }

        @Override
        public ConversationProperties propertiesAfter(ConversationProperties before) {
            return properties;
        }
    }

    /// Members were added, by user.
    ///
    /// @param large whether the conversation is large from now on, if it was not before
    record MembersAdded(List<Membership> members, boolean large) implements ConversationChange {
        @Override
        public MembershipDelta memberships() {
            return MembershipDelta.added(members);
        }

        @Override
        public ConversationProperties propertiesAfter(ConversationProperties before) {
            return large ? before.toLarge() : before;
        }
    }

    /// This member left or was removed.
    record MemberRemoved(Membership member) implements ConversationChange {
        @Override
        public MembershipDelta memberships() {
            return MembershipDelta.removed(member);
        }

        @Override
        public ConversationProperties propertiesAfter(ConversationProperties before) {
            return before;
        }
    }

    /// This member has a new role.
    record RoleChanged(Membership member) implements ConversationChange {
        @Override
        public MembershipDelta memberships() {
            return MembershipDelta.changed(member);
        }

        @Override
        public ConversationProperties propertiesAfter(ConversationProperties before) {
            return before;
        }
    }
}
