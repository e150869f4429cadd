package chat.milena.topology.conversation;

import static chat.milena.schemas.word.ErrorCode.FORBIDDEN;
import static chat.milena.schemas.word.ErrorCode.INVALID_REQUEST;
import static chat.milena.schemas.word.ErrorCode.TOO_LARGE;

import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.word.Reason;
import chat.milena.schemas.word.Role;
import chat.milena.topology.conversation.Command.AddMembers;
import chat.milena.topology.conversation.Command.Change;
import chat.milena.topology.conversation.Command.ChangeRole;
import chat.milena.topology.conversation.Command.RemoveMember;
import chat.milena.topology.conversation.Command.Update;
import chat.milena.topology.conversation.ConversationEvent.ConversationUpdated;
import chat.milena.topology.conversation.ConversationEvent.MemberRemoved;
import chat.milena.topology.conversation.ConversationEvent.MembersAdded;
import chat.milena.topology.conversation.ConversationEvent.RoleChanged;
import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.Decision.Accepted;
import chat.milena.topology.conversation.Decision.Duplicate;
import chat.milena.topology.conversation.Decision.Rejected;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Decides on changes of a group that a member asks for. Pure.
///
/// What is already so is no event: it is answered as done, with the position the group has.
final class GroupRules {
    private static final Rejected ADMINS_ONLY = new Rejected(FORBIDDEN, "only admins of this group may do that");
    private static final Rejected NOT_EVERYBODY = new Rejected(FORBIDDEN, Reason.NOT_EVERYBODY);

    private final int membersMax;
    private final int largeFrom;

    GroupRules(int membersMax, int largeFrom) {
        this.membersMax = membersMax;
        this.largeFrom = largeFrom;
    }

    Decision decide(Open open, Membership asker, Change change, Instant now) {
        return switch (change) {
            case Update update -> asker.isAdmin() ? update(open, update.changes(), now) : ADMINS_ONLY;
            case AddMembers add -> add(open, asker, add, now);
            case RemoveMember remove ->
                asker.isAdmin() || remove.memberId().equals(asker.userId())
                        ? remove(open, remove.memberId(), now)
                        : ADMINS_ONLY;
            case ChangeRole role -> asker.isAdmin() ? changeRole(open, role, now) : ADMINS_ONLY;
        };
    }

    private static Decision update(Open open, UpdateConversation changes, Instant now) {
        Properties before = open.properties();
        ConversationSettings settings = new ConversationSettings(
                or(changes.getOnlyAdminsCanPost(), before.settings().getOnlyAdminsCanPost()),
                or(changes.getAllowMemberInvites(), before.settings().getAllowMemberInvites()),
                or(changes.getHistoryVisibleToNewMembers(), before.settings().getHistoryVisibleToNewMembers()));
        String name = changes.getName() == null ? before.name() : changes.getName();
        if (settings.equals(before.settings()) && Objects.equals(name, before.name())) {
            return unchanged(open);
        }
        ConversationUpdated updated = new ConversationUpdated(before.toChanged(name, settings));
        return accepted(open, open.position().next(now), updated);
    }

    private Decision add(Open open, Membership asker, AddMembers add, Instant now) {
        if (!asker.isAdmin() && !open.properties().settings().getAllowMemberInvites()) {
            return ADMINS_ONLY;
        }
        TreeSet<String> newcomers = new TreeSet<>(add.userIds());
        newcomers.removeAll(open.members().keySet());
        if (newcomers.isEmpty()) {
            return unchanged(open);
        }
        if (!Collections.disjoint(newcomers, add.unwilling())) {
            return NOT_EVERYBODY;
        }
        if (open.members().size() + newcomers.size() > membersMax) {
            return new Rejected(TOO_LARGE, "userIds: a conversation has at most " + membersMax + " members");
        }
        boolean wholePast = open.properties().settings().getHistoryVisibleToNewMembers();
        Position position = open.position().next(now);
        List<Membership> members = newcomers.stream()
                .map(userId -> Membership.newcomer(userId, Role.MEMBER, position, add.accepted(), wholePast))
                .toList();
        Accepted accepted = accepted(open, position, new MembersAdded(members));
        Open next = accepted.next();
        return next.members().size() < largeFrom ? accepted : new Accepted(next.toLarge(), accepted.events());
    }

    /// A group is never left without an admin while it has members: who is in for longest becomes it.
    private static Decision remove(Open open, String memberId, Instant now) {
        Membership member = open.members().get(memberId);
        if (member == null) {
            return unchanged(open);
        }
        NumberedEvent removed = new NumberedEvent(open.position().next(now), new MemberRemoved(member));
        Open after = open.toAfter(removed);
        Optional<Membership> heir = after.members().values().stream().anyMatch(Membership::isAdmin)
                ? Optional.empty()
                : after.members().values().stream().min(Membership.LONGEST_FIRST);
        return heir.<Decision>map(longest -> {
                    RoleChanged promotion = new RoleChanged(longest.toRole(Role.ADMIN));
                    NumberedEvent promoted = new NumberedEvent(after.position().next(now), promotion);
                    return new Accepted(after.toAfter(promoted), List.of(removed, promoted));
                })
                .orElseGet(() -> new Accepted(after, List.of(removed)));
    }

    private static Decision changeRole(Open open, ChangeRole change, Instant now) {
        Membership member = open.members().get(change.memberId());
        if (member == null) {
            return new Rejected(INVALID_REQUEST, "userId: not a member of this group");
        }
        if (member.role() == change.role()) {
            return unchanged(open);
        }
        boolean lastAdmin = member.isAdmin()
                && open.members().values().stream().filter(Membership::isAdmin).count() == 1;
        if (lastAdmin) {
            return new Rejected(INVALID_REQUEST, "role: the last admin cannot be demoted");
        }
        return accepted(open, open.position().next(now), new RoleChanged(member.toRole(change.role())));
    }

    private static Accepted accepted(Open open, Position position, ConversationEvent event) {
        NumberedEvent numbered = new NumberedEvent(position, event);
        return new Accepted(open.toAfter(numbered), List.of(numbered));
    }

    private static Duplicate unchanged(Open open) {
        return new Duplicate(open.position().sequenceNumber(), open.position().timestamp());
    }

    private static boolean or(@Nullable Boolean changed, boolean before) {
        return changed == null ? before : changed;
    }
}
