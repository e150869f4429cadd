package chat.milena.conversation.moderation;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Change.Listed;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.MessageState;
import chat.milena.schemas.avro.Hold;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/// Decides which messages of a group with premoderation wait for a moderator, and who is shown them meanwhile. Pure.
///
/// The setting of the moment decides, and so do the admins of the moment: what a member is shown of a message changes
/// with events of that message alone. To all others its number is all that is there.
public final class HoldRules {
    /// Admins who are shown a message that waits: the first ones by their ids, since they are named in its record.
    static final int ADMINS_MAX = 100;

    /// Maximum of messages of a group that wait. Beyond it, what would have to wait is rejected. They do not count
    /// towards [QueueRules#OPEN_MAX], so they keep out nothing that rules find.
    public static final int HELD_MAX = 1_000;

    /// The answer beyond that.
    public static final Changes FULL = Changes.rejected(
            ErrorCode.TOO_LARGE, "a group has at most " + HELD_MAX + " held messages: wait until moderators decide");

    private HoldRules() {}

    /// Whether what this member writes now waits. Admins and moderators decide for themselves.
    public static boolean holds(Open open, Membership sender, Actor actor) {
        return open.properties().settings().getPremoderation() && !sender.isAdmin() && !actor.moderates();
    }

    /// A new message waits.
    ///
    /// @param sequenceNumber of the message
    public static Hold fromStart(Open open, String senderId, long sequenceNumber) {
        return new Hold(shownTo(open, senderId, sequenceNumber), true, 0L, 0L, false);
    }

    /// A message waits since it was edited, or still.
    ///
    /// @param state before the edit
    public static Hold edited(Open open, FirstSend message, MessageState state) {
        Hold before = state.hold();
        return before != null && state.isHeld()
                ? before
                : new Hold(
                        shownTo(open, message.senderId(), message.sequenceNumber()),
                        before != null && before.getFromStart(),
                        0L,
                        0L,
                        true);
    }

    /// A message waits no longer.
    ///
    /// @param releasedBy the number of the event
    public static Hold released(Hold hold, long releasedBy, long revision) {
        return new Hold(List.of(), hold.getFromStart(), releasedBy, revision, hold.getShownBefore());
    }

    /// Whether a message counts among the unread messages as a difference of ordinals, so that it must be listed
    /// while it is not to be counted. Those with an `expiresAt` are looked at one by one.
    public static boolean isCounted(FirstSend message) {
        return !message.isHidden() && message.state() != null && message.state().expiresAt() == null;
    }

    /// A message is left out of what is counted, as deleted ones are.
    public static Listed leftOut(FirstSend message) {
        return new Listed(Ids.DELETED, message.sequenceNumber(), message);
    }

    private static List<String> shownTo(Open open, String senderId, long sequenceNumber) {
        List<String> shownTo = new ArrayList<>();
        shownTo.add(senderId);
        open.members().values().stream()
                .filter(member -> member.isAdmin()
                        && !member.userId().equals(senderId)
                        && member.readsFrom(open.properties().settings()) <= sequenceNumber)
                .limit(ADMINS_MAX)
                .map(Membership::userId)
                .forEach(shownTo::add);
        return shownTo;
    }
}
