package chat.milena.conversation.rules;

import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Change;
import chat.milena.conversation.command.Change.MembershipChanged;
import chat.milena.conversation.command.Change.PersonalChanged;
import chat.milena.conversation.command.Change.PersonalShown;
import chat.milena.conversation.command.Change.WatermarksMoved;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command.Keep;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.command.Recipients;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.PersonalState;
import chat.milena.conversation.state.Position;
import chat.milena.conversation.state.Watermarks;
import chat.milena.schemas.avro.ChangePersonal;
import chat.milena.schemas.avro.MessageDraft;
import chat.milena.schemas.avro.ShownPersonal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides on a member's own state of a conversation. Pure.
///
/// Such a change is no event: it takes no number, and only the member's own devices are notified. The same command
/// again changes nothing, so it may be resent. Numbers beyond the end are cut to it.
final class PersonalRules {
    private PersonalRules() {}

    static Changes decide(Open open, Membership member, Keep keep, Lookups lookups, Instant now) {
        ChangePersonal change = keep.change();
        Position last = open.position();
        PersonalState before = lookups.personal(member.userId());
        Watermarks watermarks = lookups.watermarks(member.userId());

        PersonalState next = next(before, change, last);
        Membership nextMember = change.getAccepts() ? member.toAccepted() : member;
        if (next.clearedUpTo() > before.clearedUpTo()) {
            nextMember =
                    nextMember.toCleared(next.clearedUpTo(), open.properties().settings());
        }
        Watermarks nextWatermarks = unread(watermarks, change.getUnreadFrom(), last);

        List<Change> list = new ArrayList<>(4);
        if (!nextMember.equals(member)) {
            list.add(new MembershipChanged(nextMember));
        }
        if (!next.equals(before)) {
            list.add(new PersonalChanged(member.userId(), next, now));
        }
        if (!nextWatermarks.equals(watermarks)) {
            list.add(new WatermarksMoved(member.userId(), nextWatermarks, now));
        }
        boolean changes = !list.isEmpty();
        list.add(new PersonalShown(
                member.userId(),
                shown(next, nextMember, nextWatermarks, last, change.getNotificationLevel()),
                changes ? Recipients.Some.of(member.userId()) : Recipients.NOBODY));
        return new Changes(
                nextMember.equals(member) ? null : open.toMember(nextMember),
                List.copyOf(list),
                changes
                        ? new Accepted(last.sequenceNumber(), last.timestamp())
                        : new Duplicate(last.sequenceNumber(), last.timestamp()),
                null);
    }

    private static PersonalState next(PersonalState before, ChangePersonal change, Position last) {
        return new PersonalState(
                otherwise(change.getArchived(), before.archived()),
                otherwise(change.getPinned(), before.pinned()),
                hiddenAt(before, change.getHidden(), last.shownOrdinal()),
                clearedUpTo(before.clearedUpTo(), change.getClearedUpTo(), last),
                draft(before.draft(), change),
                level(before.notificationLevel(), change.getNotificationLevel()));
    }

    private static boolean otherwise(@Nullable Boolean asked, boolean before) {
        return asked == null ? before : asked;
    }

    private static @Nullable Long hiddenAt(PersonalState before, @Nullable Boolean asked, long shownOrdinal) {
        if (asked == null || asked == before.isHiddenAt(shownOrdinal)) {
            return before.hiddenAtOrdinal();
        }
        return asked ? Long.valueOf(shownOrdinal) : null;
    }

    private static long clearedUpTo(long before, @Nullable Long asked, Position last) {
        return asked == null ? before : Math.max(before, Math.min(asked, last.sequenceNumber()));
    }

    private static @Nullable MessageDraft draft(@Nullable MessageDraft before, ChangePersonal change) {
        if (change.getEndsDraft()) {
            return null;
        }
        return change.getDraft() == null ? before : change.getDraft();
    }

    private static Watermarks unread(Watermarks before, @Nullable Long from, Position last) {
        if (from == null) {
            return before;
        }
        return before.toUnread(from == 0 ? null : Long.valueOf(Math.min(from, last.sequenceNumber())));
    }

    private static @Nullable String level(@Nullable String before, @Nullable String asked) {
        if (asked == null) {
            return before;
        }
        return asked.isEmpty() ? null : asked;
    }

    /// @param askedLevel shown where the command named it: such a change is notified as one of notifications
    private static ShownPersonal shown(
            PersonalState state, Membership member, Watermarks watermarks, Position last, @Nullable String askedLevel) {
        return new ShownPersonal(
                member.accepted(),
                state.archived(),
                state.pinned(),
                state.isHiddenAt(last.shownOrdinal()),
                watermarks.unreadFrom(),
                state.clearedUpTo(),
                state.draft(),
                askedLevel);
    }
}
