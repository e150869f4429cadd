package chat.milena.topology.conversation;

import static chat.milena.schemas.word.ErrorCode.FORBIDDEN;
import static chat.milena.schemas.word.ErrorCode.INVALID_MESSAGE;
import static chat.milena.schemas.word.ErrorCode.INVALID_REQUEST;
import static chat.milena.schemas.word.ErrorCode.TOO_LARGE;

import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.Role;
import chat.milena.topology.conversation.Command.Change;
import chat.milena.topology.conversation.Command.CreateConversation;
import chat.milena.topology.conversation.Command.SendMessage;
import chat.milena.topology.conversation.ConversationEvent.ConversationCreated;
import chat.milena.topology.conversation.ConversationEvent.MessageSent;
import chat.milena.topology.conversation.ConversationState.Absent;
import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.Decision.Accepted;
import chat.milena.topology.conversation.Decision.Duplicate;
import chat.milena.topology.conversation.Decision.Rejected;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Decides what a command does to a conversation. Pure: the same arguments give the same decision, for ever.
///
/// Upholds invariants 2 (numbers are 1..n), 3 (one messageId, one number) and 6 (only members write).
/// [GroupRules] decides on changes of a group.
public final class ConversationRules {
    static final Rejected NO_SUCH_CONVERSATION =
            new Rejected(ErrorCode.CONVERSATION_NOT_FOUND, "conversationId: there is no such conversation");

    private static final Rejected ANOTHER_REQUEST =
            new Rejected(ErrorCode.IDEMPOTENCY_MISMATCH, "Idempotency-Key: was used before to make another group");

    private final int membersMax;
    private final int largeFrom;
    private final GroupRules groupRules;

    /// @param membersMax members of a conversation
    /// @param largeFrom members from which on it is large, and stays so
    public ConversationRules(int membersMax, int largeFrom) {
        this.membersMax = membersMax;
        this.largeFrom = largeFrom;
        this.groupRules = new GroupRules(membersMax, largeFrom);
    }

    /// Decides.
    ///
    /// @param firstSend what the command's messageId already stands for in this conversation; null if nothing
    /// @param now the sequencer's clock; the event's time is this or, if that would go back, the last event's
    public Decision decide(ConversationState state, @Nullable FirstSend firstSend, Command command, Instant now) {
        return switch (state) {
            case Absent absent ->
                switch (command) {
                    case CreateConversation create -> create(absent, create, now);
                    case SendMessage send -> NO_SUCH_CONVERSATION;
                    case Change change -> NO_SUCH_CONVERSATION;
                };
            case Open open ->
                switch (command) {
                    case CreateConversation create -> createAgain(open, create);
                    case SendMessage send -> send(open, firstSend, send, now);
                    case Change change -> change(open, change, now);
                };
        };
    }

    private static Decision send(Open open, @Nullable FirstSend firstSend, SendMessage send, Instant now) {
        Membership sender = open.members().get(send.userId());
        if (sender == null) {
            return outsider(open);
        }
        if (firstSend != null) {
            return firstSend.senderId().equals(send.userId())
                    ? new Duplicate(firstSend.sequenceNumber(), firstSend.timestamp())
                    : new Rejected(INVALID_MESSAGE, "messageId: another member's message has this id");
        }
        if (open.properties().settings().getOnlyAdminsCanPost() && !sender.isAdmin()) {
            return new Rejected(FORBIDDEN, "only admins post in this group");
        }
        boolean expires = send.message().getExpiresAt() != null;
        Membership joined = sender.accepted() ? null : sender.toAccepted();
        NumberedEvent event =
                new NumberedEvent(open.position().nextMessage(now, expires), new MessageSent(send.message(), joined));
        return new Accepted(open.toAfter(event), List.of(event));
    }

    private Decision change(Open open, Change change, Instant now) {
        Membership asker = open.members().get(change.userId());
        if (asker == null) {
            return outsider(open);
        }
        return switch (open.properties().type()) {
            case DIRECT -> new Rejected(INVALID_REQUEST, "conversationId: a direct conversation cannot be changed");
            case GROUP -> groupRules.decide(open, asker, change, now);
        };
    }

    /// That a group exists is known to its tenant; that two people talk is known to them alone.
    static Rejected outsider(Open open) {
        return switch (open.properties().type()) {
            case GROUP -> new Rejected(FORBIDDEN, "only members of this group may do that");
            case DIRECT -> NO_SUCH_CONVERSATION;
        };
    }

    private Decision create(Absent absent, CreateConversation create, Instant now) {
        Position position = Position.START.next(now);
        List<Membership> members = members(create, position);
        if (members.size() > membersMax) {
            return new Rejected(TOO_LARGE, "participantIds: a conversation has at most " + membersMax + " members");
        }
        if (create.type() == ConversationType.DIRECT && members.size() != 2) {
            return new Rejected(INVALID_REQUEST, "participantIds: a direct conversation is with one other person");
        }
        Properties properties = new Properties(
                create.type(),
                create.name(),
                create.settings(),
                create.userId(),
                position.timestamp(),
                members.size() >= largeFrom,
                create.type() == ConversationType.GROUP ? RequestHash.of(create) : null);
        ConversationCreated created = new ConversationCreated(properties, members);
        return new Accepted(absent.toOpen(created, position), List.of(new NumberedEvent(position, created)));
    }

    /// Both people of a direct conversation are equals; a group's creator is its admin. Who creates it has joined in.
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

    /// A direct conversation is the same whoever of the two asks; a group is its creator's request come again.
    private static Decision createAgain(Open open, CreateConversation create) {
        Properties properties = open.properties();
        boolean same = switch (properties.type()) {
            case DIRECT -> open.members().containsKey(create.userId());
            case GROUP ->
                properties.createdBy().equals(create.userId()) && open.members().containsKey(create.userId());
        };
        if (!same || properties.type() != create.type()) {
            return NO_SUCH_CONVERSATION;
        }
        String requestHash = properties.requestHash();
        return requestHash == null || requestHash.equals(RequestHash.of(create))
                ? new Duplicate(1, properties.createdAt())
                : ANOTHER_REQUEST;
    }
}
