package chat.milena.conversation.command;

import chat.milena.conversation.state.ConversationEvent;
import chat.milena.conversation.state.EventTime;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Follow;
import chat.milena.conversation.state.FormerWatermarks;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.MessageAnnotations.PinnedMessage;
import chat.milena.conversation.state.NumberedEvent;
import chat.milena.conversation.state.OwnReactions;
import chat.milena.conversation.state.PersonalState;
import chat.milena.conversation.state.Watermarks;
import chat.milena.schemas.avro.ChangeBan;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ModerationEvent;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.avro.ShownContent;
import chat.milena.schemas.avro.ShownPersonal;
import chat.milena.schemas.avro.ShownReaction;
import chat.milena.schemas.avro.Warning;
import chat.milena.schemas.word.ReceiptKind;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One change by a command, or one notification.
public sealed interface Change {

    /// Recipients are notified; the first of a command's also carries its answer.
    sealed interface Delivered extends Change {}

    /// State is saved, and published if others need it.
    sealed interface Stored extends Change {}

    /// An event is logged and delivered, and its effect on the conversation is saved and published.
    ///
    /// @param content that goes to recipients beside the event; null if the event itself says all
    /// @param reaction the same of a reaction
    record Numbered(
            NumberedEvent numbered,
            DeliveryRoute route,
            @Nullable ShownContent content,
            @Nullable ShownReaction reaction)
            implements Delivered {
        /// A complete event.
        public Numbered(NumberedEvent numbered, DeliveryRoute route) {
            this(numbered, route, null, null);
        }

        /// The event.
        public ConversationEvent event() {
            return numbered.event();
        }
    }

    /// A messageId is taken from now on.
    record MessageIndexed(String messageId, FirstSend first) implements Stored {}

    /// From now on it can be found by the number of this message who sent it.
    record SenderIndexed(FirstSend message) implements Stored {}

    /// A message has changed: that is saved, and its record in the log is written again under its number.
    ///
    /// @param content the present one
    /// @param deletedBy who deleted it; null if it was not deleted
    record MessageOverwritten(
            String messageId,
            FirstSend message,
            Content content,
            @Nullable String deletedBy) implements Stored {}

    /// A message is in a list of its conversation from now on.
    ///
    /// @param list its name, see [chat.milena.schemas.key.ReferenceKey]
    /// @param number the message's position in it
    record Listed(String list, long number, FirstSend message) implements Stored {}

    /// A message is no longer in a list of its conversation.
    record Unlisted(String list, long number) implements Stored {}

    /// Something was added to a message, or taken away: that is saved and published.
    ///
    /// @param by the event that did it
    record MessageAnnotated(String messageId, FirstSend message, EventTime by) implements Stored {}

    /// What one person added to a message is another thing now: that is saved and published.
    ///
    /// @param sequenceNumber of the message
    /// @param by the event that did it
    record ReactionsChanged(long sequenceNumber, String userId, OwnReactions next, EventTime by) implements Stored {}

    /// Other messages are pinned now: that is saved, and published with the event.
    record PinsChanged(List<PinnedMessage> next) implements Stored {}

    /// What was added to a message is deleted with it.
    ///
    /// @param sequenceNumber of the message
    record AnnotationsDeleted(long sequenceNumber) implements Stored {}

    /// Somebody blocked the other person of a direct conversation that is not there: that is noted.
    record BlockNoted(String userId, String blockedId, Instant at) implements Stored {}

    /// They no longer do.
    record BlockDeleted(String userId) implements Stored {}

    /// A member's own state of the conversation has changed: that is saved and published.
    record PersonalChanged(String userId, PersonalState next, Instant at) implements Stored {}

    /// A member's devices get the member's own state of the conversation.
    record PersonalShown(String userId, ShownPersonal personal, Recipients recipients) implements Delivered {}

    /// The thread of a message has one reply more.
    ///
    /// @param root the message that begins it, with the thread as it is now
    /// @param reply the number and time of the reply
    record ThreadGrown(String rootId, FirstSend root, EventTime reply) implements Stored {}

    /// A member follows a thread, or has read more of it: that is saved and published.
    record FollowChanged(Follow next) implements Stored {}

    /// A member follows a thread no longer: that is saved and published.
    record FollowEnded(Follow last) implements Stored {}

    /// A member is shown how they follow a thread.
    ///
    /// @param followed false where they follow it no longer
    record FollowShown(Follow follow, boolean followed, Recipients recipients) implements Delivered {}

    /// A member changed their own membership: it is saved and published, and nobody is notified.
    record MembershipChanged(Membership member) implements Stored {}

    /// A member's watermarks have moved: they are saved and published.
    record WatermarksMoved(String userId, Watermarks next, Instant at) implements Stored {}

    /// A member left: their watermarks are deleted, here and in the topic.
    record WatermarksDeleted(String userId, Instant at) implements Stored {}

    /// A member left whose watermarks were the furthest: they are saved and published without a name.
    record FormerWatermarksMoved(FormerWatermarks next, Instant at) implements Stored {}

    /// Members are notified of moved watermarks.
    ///
    /// @param upToSequence the watermark
    /// @param at since when
    /// @param messageIds the messages that the receipt named
    record ReceiptShown(
            String userId,
            ReceiptKind kind,
            long upToSequence,
            Instant at,
            List<String> messageIds,
            Recipients recipients)
            implements Delivered {}

    /// Something else is known of a message that was reported, flagged or decided on: that is saved and published.
    ///
    /// @param before null if nothing was known
    record ReportChanged(@Nullable ReportedMessage before, ReportedMessage next) implements Stored {}

    /// A step of moderation is noted for good.
    record Audited(ModerationEvent event) implements Stored {}

    /// The author of a message is warned: the processor of users gets that as a command.
    record Warned(String userId, Warning warning) implements Stored {}

    /// A decision bans a user: the processor of users gets that as a command of the moderator.
    record BanOrdered(Actor moderator, ChangeBan ban) implements Stored {}

    /// A member for whom slow mode holds sent a message: that is noted.
    record SendNoted(String userId, Instant at) implements Stored {}

    /// A member left by themselves: that is noted until they come back.
    record DepartureNoted(Membership member) implements Stored {}

    /// A user came back who had left by themselves.
    record DepartureDeleted(String userId) implements Stored {}
}
