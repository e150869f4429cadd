package chat.milena.gateway.rest;

import chat.milena.gateway.command.Outcome;
import chat.milena.gateway.command.Outcome.Rejected;
import chat.milena.gateway.live.PeopleQuery;
import chat.milena.gateway.live.PeopleQuery.People;
import chat.milena.gateway.live.PeopleQuery.Refused;
import chat.milena.gateway.live.PeopleQuery.Unavailable;
import chat.milena.gateway.rest.CommandCall.RefusedException;
import chat.milena.gateway.rest.CommandCall.UnansweredException;
import chat.milena.runtime.config.MayStart;
import chat.milena.runtime.config.StartRules;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.schemas.avro.ChangeMembers;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Introduction;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.Reason;
import java.util.List;
import java.util.Set;

/// Completes commands that add users with facts about other conversations, or rejects them: who may start with
/// whom depends on other conversations, which the query side knows and a sequencer does not. Safe for all threads;
/// waits for the query side.
///
/// A rejection names no user. **Bound.** 1,000 users are looked up for one command.
final class Introductions {
    private static final int PEOPLE_MAX = 1_000;

    private final StartRules rules;
    private final PeopleQuery people;

    Introductions(StartRules rules, PeopleQuery people) {
        this.rules = rules;
        this.people = people;
    }

    /// Applies the rule of the tenant to a command.
    ///
    /// @throws UnansweredException if one of its users may not be added, or the lookup fails
    void introduce(InboundCommand command) throws UnansweredException {
        MayStart rule = rules.of(command.getTenant());
        List<String> named = named(command);
        switch (rule) {
            case ANYONE -> require(isDirect(command) || !isBlockedByAny(command, named));
            case CONTACTS -> {
                List<String> contacts = contacts(command, named);
                require(contacts.size() == named.size() || isOwnDirect(command));
                command.setIntroduction(new Introduction(true, contacts));
            }
            case HOST -> {
                require(named.isEmpty() || isOwnDirect(command));
                command.setIntroduction(new Introduction(true, List.of()));
            }
        }
    }

    /// Whether a command was rejected because it adds a user who left by themselves, and it does not say yet
    /// whether the caller is a contact of theirs. That is rare, so it is looked up only then.
    static boolean isNeeded(InboundCommand command, Outcome outcome) {
        return command.getIntroduction() == null
                && outcome instanceof Rejected rejected
                && rejected.reason().equals(Reason.NOT_EVERYBODY);
    }

    /// Adds to a command which of its users are contacts of the caller.
    void introduceContacts(InboundCommand command) throws UnansweredException {
        command.setIntroduction(new Introduction(false, contacts(command, named(command))));
    }

    private boolean isBlockedByAny(InboundCommand command, List<String> named) throws UnansweredException {
        for (int from = 0; from < named.size(); from += PEOPLE_MAX) {
            List<String> some = named.subList(from, Math.min(named.size(), from + PEOPLE_MAX));
            if (!looked(people.blocking(asker(command), some)).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private List<String> contacts(InboundCommand command, List<String> named) throws UnansweredException {
        if (named.size() > PEOPLE_MAX) {
            throw new RefusedException(
                    HttpAnswer.error(ErrorCode.TOO_LARGE, "userIds: must be at most " + PEOPLE_MAX + " at a time"));
        }
        if (named.isEmpty()) {
            return List.of();
        }
        Set<String> sharing = looked(people.sharing(asker(command), named));
        return named.stream().filter(sharing::contains).toList();
    }

    private static Set<String> looked(PeopleQuery.Answer answer) throws RefusedException {
        return switch (answer) {
            case People(Set<String> found) -> found;
            case Refused(var code, var reason) -> throw new RefusedException(HttpAnswer.error(code, reason));
            case Unavailable unavailable -> throw unavailable();
        };
    }

    /// An existing direct conversation of the caller is shown, whatever the rule is now.
    private boolean isOwnDirect(InboundCommand command) throws UnansweredException {
        if (!isDirect(command)) {
            return false;
        }
        ConversationKey conversation = new ConversationKey(command.getTenant(), command.getConversationId());
        return switch (people.typingAudience(asker(command), conversation, 1)) {
            case People there -> true;
            // A block closes it for its two members; others do not learn that it exists.
            case Refused(var code, var reason) -> code == ErrorCode.FORBIDDEN;
            case Unavailable unavailable -> throw unavailable();
        };
    }

    /// Of a block between its two people the sequencer knows.
    private static boolean isDirect(InboundCommand command) {
        CreateConversation create = command.getConversation();
        return create != null && create.getType().equals(ConversationType.DIRECT.word());
    }

    private static void require(boolean allowed) throws RefusedException {
        if (!allowed) {
            throw new RefusedException(HttpAnswer.error(ErrorCode.FORBIDDEN, Reason.NOT_EVERYBODY));
        }
    }

    private static RefusedException unavailable() {
        return new RefusedException(
                HttpAnswer.error(ErrorCode.UNAVAILABLE, "who may be added cannot be looked up now; safe to retry"));
    }

    private static UserKey asker(InboundCommand command) {
        return new UserKey(command.getTenant(), command.getUserId());
    }

    private static List<String> named(InboundCommand command) {
        CreateConversation create = command.getConversation();
        ChangeMembers members = command.getMembers();
        if (create != null) {
            return create.getParticipantIds();
        }
        return members == null ? List.of() : members.getUserIds();
    }
}
