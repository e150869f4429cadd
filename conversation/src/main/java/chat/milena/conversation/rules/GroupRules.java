package chat.milena.conversation.rules;

import static chat.milena.schemas.word.ErrorCode.FORBIDDEN;
import static chat.milena.schemas.word.ErrorCode.INVALID_REQUEST;
import static chat.milena.schemas.word.ErrorCode.TOO_LARGE;

import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Change.DepartureDeleted;
import chat.milena.conversation.command.Change.DepartureNoted;
import chat.milena.conversation.command.Change.FollowEnded;
import chat.milena.conversation.command.Change.FormerWatermarksMoved;
import chat.milena.conversation.command.Change.PersonalChanged;
import chat.milena.conversation.command.Change.WatermarksDeleted;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command.AddMembers;
import chat.milena.conversation.command.Command.ChangeRole;
import chat.milena.conversation.command.Command.GroupCommand;
import chat.milena.conversation.command.Command.RemoveMember;
import chat.milena.conversation.command.Command.Update;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.state.ConversationEvent.ConversationUpdated;
import chat.milena.conversation.state.ConversationEvent.MemberRemoved;
import chat.milena.conversation.state.ConversationEvent.MembersAdded;
import chat.milena.conversation.state.ConversationEvent.RoleChanged;
import chat.milena.conversation.state.ConversationProperties;
import chat.milena.conversation.state.ConversationProperties.Profile;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.FormerWatermarks;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.PersonalState;
import chat.milena.conversation.state.Position;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.Reason;
import chat.milena.schemas.word.Role;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Decides on changes of a group by a member. Pure.
///
/// A change that makes no difference is no event: it is answered as done, with the group's position.
final class GroupRules {
    private static final Changes NO_GROUP =
            Changes.rejected(INVALID_REQUEST, "conversationId: a direct conversation cannot be changed");
    private static final Changes ADMINS_ONLY = Changes.rejected(FORBIDDEN, "only admins of this group may do that");
    private static final Changes NOT_EVERYBODY = Changes.rejected(FORBIDDEN, Reason.NOT_EVERYBODY);
    private static final Changes NO_MEMBER = Changes.rejected(INVALID_REQUEST, "userId: not a member of this group");
    private static final Changes LAST_ADMIN =
            Changes.rejected(INVALID_REQUEST, "role: the last admin cannot be demoted");

    private final int membersMax;
    private final int largeFrom;

    GroupRules(int membersMax, int largeFrom) {
        this.membersMax = membersMax;
        this.largeFrom = largeFrom;
    }

    /// @param actor the member who sent the command
    Changes decide(Open open, Membership actor, GroupCommand command, Lookups lookups, Instant now) {
        if (open.properties().type() == ConversationType.DIRECT) {
            return NO_GROUP;
        }
        return switch (command) {
            case Update update -> actor.isAdmin() ? update(open, update.changes(), now) : ADMINS_ONLY;
            case AddMembers add ->
                actor.isAdmin() || open.properties().settings().getAllowMemberInvites()
                        ? add(open, add, lookups, now)
                        : ADMINS_ONLY;
            case RemoveMember remove ->
                actor.isAdmin() || remove.memberId().equals(actor.userId())
                        ? remove(open, actor, remove.memberId(), lookups, now)
                        : ADMINS_ONLY;
            case ChangeRole role -> actor.isAdmin() ? changeRole(open, role, now) : ADMINS_ONLY;
        };
    }

    private static Changes update(Open open, UpdateConversation changes, Instant now) {
        ConversationProperties before = open.properties();
        ConversationSettings settings = new ConversationSettings(
                or(changes.getOnlyAdminsCanPost(), before.settings().getOnlyAdminsCanPost()),
                or(changes.getAllowMemberInvites(), before.settings().getAllowMemberInvites()),
                or(changes.getHistoryVisibleToNewMembers(), before.settings().getHistoryVisibleToNewMembers()),
                or(changes.getOnlyAdminsMentionAll(), before.settings().getOnlyAdminsMentionAll()),
                changes.getSlowModeSeconds() == null
                        ? before.settings().getSlowModeSeconds()
                        : changes.getSlowModeSeconds(),
                or(changes.getPremoderation(), before.settings().getPremoderation()));
        Profile shown = before.profile();
        Profile profile = new Profile(
                changes.getName() == null ? shown.name() : changes.getName(),
                or(changes.getAvatarUrl(), shown.avatarUrl()),
                or(changes.getCustom(), shown.custom()));
        if (settings.equals(before.settings()) && profile.equals(shown)) {
            return unchanged(open);
        }
        return Draft.of(open, new ConversationUpdated(before.toChanged(profile, settings)), now)
                .accepted();
    }

    private Changes add(Open open, AddMembers add, Lookups lookups, Instant now) {
        TreeSet<String> newcomers = new TreeSet<>(add.userIds());
        newcomers.removeAll(open.members().keySet());
        if (newcomers.isEmpty()) {
            return unchanged(open);
        }
        List<String> returning = newcomers.stream().filter(lookups::hasLeft).toList();
        if (!Set.copyOf(add.contactIds()).containsAll(returning)) {
            return NOT_EVERYBODY;
        }
        int size = open.members().size() + newcomers.size();
        if (size > membersMax) {
            return Changes.rejected(TOO_LARGE, "userIds: a conversation has at most " + membersMax + " members");
        }
        boolean wholePast = open.properties().settings().getHistoryVisibleToNewMembers();
        Position position = open.position().next(now);
        List<Membership> members = newcomers.stream()
                .map(userId -> newcomer(
                        open, Membership.newcomer(userId, Role.MEMBER, position, add.accepted(), wholePast), lookups))
                .toList();
        Draft draft = Draft.of(open, new MembersAdded(members, size >= largeFrom), now);
        returning.forEach(userId -> draft.with(new DepartureDeleted(userId)));
        newcomers.forEach(userId -> show(draft, userId, lookups));
        return draft.accepted();
    }

    /// A conversation that they hid before they left is in their inbox again.
    private static void show(Draft draft, String userId, Lookups lookups) {
        PersonalState before = lookups.personal(userId);
        if (before.hiddenAtOrdinal() != null) {
            draft.with(new PersonalChanged(
                    userId, before.toShown(), draft.position().timestamp()));
        }
    }

    /// A member who cleared the past before they left does not see it again.
    private static Membership newcomer(Open open, Membership newcomer, Lookups lookups) {
        long clearedUpTo = lookups.personal(newcomer.userId()).clearedUpTo();
        return clearedUpTo == 0
                ? newcomer
                : newcomer.toCleared(clearedUpTo, open.properties().settings());
    }

    /// A group is never left without an admin while it has members: the longest member becomes it.
    private static Changes remove(Open open, Membership actor, String memberId, Lookups lookups, Instant now) {
        Membership member = open.members().get(memberId);
        if (member == null) {
            return unchanged(open);
        }
        Draft draft = Draft.of(open, new MemberRemoved(member), now);
        forgetWatermarks(draft, member, lookups);
        lookups.follows(memberId).forEach(follow -> draft.with(new FollowEnded(follow)));
        if (memberId.equals(actor.userId())) {
            draft.with(new DepartureNoted(member));
        }
        List<Membership> others = List.copyOf(draft.open().members().values());
        if (!others.isEmpty() && others.stream().noneMatch(Membership::isAdmin)) {
            Membership heir = others.stream().min(Membership.LONGEST_FIRST).orElseThrow();
            draft.with(new RoleChanged(heir.toRole(Role.ADMIN)), now);
        }
        return draft.accepted();
    }

    /// Members who come back start from zero. What they had received and read stays so for the senders, without a
    /// name, unless nobody was shown it because the member never joined in.
    private static void forgetWatermarks(Draft draft, Membership leaver, Lookups lookups) {
        Instant at = draft.position().timestamp();
        draft.with(new WatermarksDeleted(leaver.userId(), at));
        if (leaver.accepted()) {
            FormerWatermarks former = FormerWatermarks.after(
                    lookups.formerWatermarks(), lookups.watermarks(leaver.userId()), leaver.joinedSequence());
            if (former != null) {
                draft.with(new FormerWatermarksMoved(former, at));
            }
        }
    }

    private static Changes changeRole(Open open, ChangeRole change, Instant now) {
        Membership member = open.members().get(change.memberId());
        if (member == null) {
            return NO_MEMBER;
        }
        if (member.role() == change.role()) {
            return unchanged(open);
        }
        boolean lastAdmin = member.isAdmin()
                && open.members().values().stream().filter(Membership::isAdmin).count() == 1;
        return lastAdmin
                ? LAST_ADMIN
                : Draft.of(open, new RoleChanged(member.toRole(change.role())), now)
                        .accepted();
    }

    private static Changes unchanged(Open open) {
        Position position = open.position();
        return Changes.none(new Duplicate(position.sequenceNumber(), position.timestamp()), open);
    }

    private static boolean or(@Nullable Boolean changed, boolean before) {
        return changed == null ? before : changed;
    }

    /// The empty text removes the former one.
    private static @Nullable String or(@Nullable String changed, @Nullable String before) {
        if (changed == null) {
            return before;
        }
        return changed.isEmpty() ? null : changed;
    }
}
