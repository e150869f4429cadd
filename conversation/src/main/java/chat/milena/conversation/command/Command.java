package chat.milena.conversation.command;

import chat.milena.schemas.avro.ChangePersonal;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.DecideMessage;
import chat.milena.schemas.avro.FlagMessage;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageCopy;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ActorKind;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.DecisionAction;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.schemas.word.ReportReason;
import chat.milena.schemas.word.Role;
import chat.milena.schemas.word.RuleAction;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A user's command to a conversation.
public sealed interface Command {

    /// The author.
    Actor actor();

    /// Who is shown as the author of its events.
    default Actor shownAs() {
        return actor();
    }

    /// The user.
    default String userId() {
        return actor().userId();
    }

    /// Makes the conversation, with its user as a member.
    ///
    /// @param participantIds the others
    /// @param accepted whether being in a group counts as joining in
    record CreateConversation(
            Actor actor,
            ConversationType type,
            @Nullable String name,
            ConversationSettings settings,
            List<String> participantIds,
            boolean accepted)
            implements Command {}

    /// Says that its user has blocked the other person of a direct conversation, which need not be there, or no
    /// longer.
    record Block(Actor actor, String blockedId, boolean blocked) implements Command {}

    /// Commands for members only.
    sealed interface MemberCommand extends Command {}

    /// Adds a message. The rules never read or change its content.
    record SendMessage(Actor actor, Message message) implements MemberCommand {}

    /// Replaces the content of a message.
    ///
    /// @param revision the revision that the message must have; null for any
    record EditMessage(
            Actor actor,
            String messageId,
            Content content,
            @Nullable Long revision) implements MemberCommand {}

    /// Deletes a message. Its actor need not be a member, if they moderate.
    ///
    /// @param reason for people; null without one
    record DeleteMessage(
            Actor actor, String messageId, @Nullable String reason) implements Command {}

    /// Reports a message to the moderators.
    ///
    /// @param text for moderators; null without one
    /// @param copy of the content that is reported; null without one
    record Report(
            Actor actor,
            String messageId,
            ReportReason reason,
            @Nullable String text,
            @Nullable MessageCopy copy) implements MemberCommand {}

    /// What a rule of moderation found in a message. Its actor is the moderation itself.
    record Flag(Actor actor, RuleAction action, FlagMessage flag) implements Command {}

    /// Decides on a message. Its actor moderates, and need not be a member; members are shown that moderation did it.
    record Decide(Actor actor, DecisionAction action, DecideMessage decision) implements Command {
        @Override
        public Actor shownAs() {
            return new Actor(Ids.MODERATION, ActorKind.MODERATION);
        }
    }

    /// Adds an emoji to a message, or takes it away.
    record ReactToMessage(Actor actor, String messageId, String emoji, boolean remove) implements MemberCommand {}

    /// Pins a message, or no longer.
    record PinMessage(Actor actor, String messageId, boolean remove) implements MemberCommand {}

    /// Asks to follow a thread, or no longer.
    record FollowThread(Actor actor, String rootId, boolean ends) implements MemberCommand {}

    /// Says how far its user has read a thread.
    record ReadThread(Actor actor, String rootId, long upToOrdinal) implements MemberCommand {}

    /// Changes a group.
    sealed interface GroupCommand extends MemberCommand {}

    /// Renames the group or changes its settings.
    record Update(Actor actor, UpdateConversation changes) implements GroupCommand {}

    /// Adds members.
    ///
    /// @param accepted whether being in a group counts as joining in
    /// @param contactIds those among them whom the user knows from another conversation
    record AddMembers(Actor actor, List<String> userIds, boolean accepted, List<String> contactIds)
            implements GroupCommand {}

    /// Removes a member; users who remove themselves leave.
    record RemoveMember(Actor actor, String memberId) implements GroupCommand {}

    /// Changes a member's role.
    record ChangeRole(Actor actor, String memberId, Role role) implements GroupCommand {}

    /// Moves the user's watermark: to a number, or to the last of these messages; the further of the two counts.
    ///
    /// @param upToSequence possibly beyond the end; null if only messages are named
    record MarkReceipt(
            Actor actor, ReceiptKind kind, @Nullable Long upToSequence, List<String> messageIds)
            implements MemberCommand {}

    /// Mutes the conversation for its user.
    ///
    /// @param until null to end that
    record Mute(Actor actor, @Nullable Instant until) implements MemberCommand {}

    /// Changes the user's own state of the conversation.
    record Keep(Actor actor, ChangePersonal change) implements MemberCommand {}
}
