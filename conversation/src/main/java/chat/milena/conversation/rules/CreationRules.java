package chat.milena.conversation.rules;

import static chat.milena.schemas.word.ErrorCode.FORBIDDEN;
import static chat.milena.schemas.word.ErrorCode.IDEMPOTENCY_MISMATCH;
import static chat.milena.schemas.word.ErrorCode.INVALID_REQUEST;
import static chat.milena.schemas.word.ErrorCode.TOO_LARGE;

import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command.CreateConversation;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.state.ConversationEvent.ConversationCreated;
import chat.milena.conversation.state.ConversationProperties;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.Position;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.Reason;
import chat.milena.schemas.word.Role;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Decides on the creation of conversations. Pure.
final class CreationRules {
    private static final Changes ANOTHER_REQUEST =
            Changes.rejected(IDEMPOTENCY_MISMATCH, "Idempotency-Key: was used before to make another group");

    private static final Changes NOT_EVERYBODY = Changes.rejected(FORBIDDEN, Reason.NOT_EVERYBODY);

    private final int membersMax;
    private final int largeFrom;

    CreationRules(int membersMax, int largeFrom) {
        this.membersMax = membersMax;
        this.largeFrom = largeFrom;
    }

    Changes decide(ConversationState state, CreateConversation create, Lookups lookups, Instant now) {
        return switch (state) {
            case Absent absent -> create(absent, create, lookups, now);
            case Open open -> createAgain(open, create);
        };
    }

    private Changes create(Absent absent, CreateConversation create, Lookups lookups, Instant now) {
        Position position = Position.START.next(now);
        List<Membership> members = members(create, position);
        if (members.size() > membersMax) {
            return Changes.rejected(TOO_LARGE, "participantIds: a conversation has at most " + membersMax + " members");
        }
        if (create.type() == ConversationType.DIRECT && members.size() != 2) {
            return Changes.rejected(INVALID_REQUEST, "participantIds: a direct conversation is with one other person");
        }
        if (create.type() == ConversationType.DIRECT
                && members.stream().map(Membership::userId).anyMatch(lookups::hasBlocked)) {
            return NOT_EVERYBODY;
        }
        ConversationProperties properties = new ConversationProperties(
                create.type(),
                ConversationProperties.Profile.named(create.name()),
                create.settings(),
                create.userId(),
                position.timestamp(),
                members.size() >= largeFrom,
                create.type() == ConversationType.GROUP ? RequestHash.of(create) : null);
        return Draft.of(absent, new ConversationCreated(properties, members), position)
                .accepted();
    }

    /// Both members of a direct conversation are equals; a group's creator is its admin. Creators have joined in.
    private static List<Membership> members(CreateConversation create, Position position) {
        SortedMap<String, Membership> members = new TreeMap<>();
        boolean group = create.type() == ConversationType.GROUP;
        for (String userId : create.participantIds()) {
            boolean accepted = group && create.accepted();
            members.put(userId, Membership.newcomer(userId, Role.MEMBER, position, accepted, true));
        }
        Role creatorRole = group ? Role.ADMIN : Role.MEMBER;
        members.put(create.userId(), Membership.newcomer(create.userId(), creatorRole, position, true, true));
        return List.copyOf(members.values());
    }

    /// Either of the two may request an existing direct conversation; for a group, only its creator may repeat the
    /// creation.
    private static Changes createAgain(Open open, CreateConversation create) {
        ConversationProperties properties = open.properties();
        boolean same = switch (properties.type()) {
            case DIRECT -> open.members().containsKey(create.userId());
            case GROUP ->
                properties.createdBy().equals(create.userId()) && open.members().containsKey(create.userId());
        };
        if (!same || properties.type() != create.type()) {
            return ConversationRules.NO_SUCH_CONVERSATION;
        }
        String requestHash = properties.requestHash();
        return requestHash == null || requestHash.equals(RequestHash.of(create))
                ? Changes.none(new Duplicate(1, properties.createdAt()), open)
                : ANOTHER_REQUEST;
    }
}
