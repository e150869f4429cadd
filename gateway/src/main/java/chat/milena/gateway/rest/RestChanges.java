package chat.milena.gateway.rest;

import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.Outcome;
import chat.milena.gateway.rest.CommandCall.UnansweredException;
import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.schemas.avro.ChangeMembers;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.CommandKind;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.util.StatusCodes;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The calls that change a conversation and its members. The sequencer decides whether the caller may. Safe for
/// all threads; blocks while it waits for the outcome.
///
/// A change that makes no difference is answered as done.
final class RestChanges {
    private static final HttpAnswer NO_SUCH_CONVERSATION =
            HttpAnswer.error(ErrorCode.CONVERSATION_NOT_FOUND, "no such conversation");
    private static final HttpAnswer NO_USER_ID =
            HttpAnswer.error(ErrorCode.INVALID_REQUEST, "userId: must be 1 to 64 of A-Z a-z 0-9 _ . -");

    private final CommandFactory commands;
    private final CommandCall log;
    private final Introductions introductions;
    private final ConversationBodies conversations;

    RestChanges(
            CommandFactory commands, CommandCall log, Introductions introductions, ConversationBodies conversations) {
        this.commands = commands;
        this.log = log;
        this.introductions = introductions;
        this.conversations = conversations;
    }

    /// `PATCH /api/v1/conversations/{id}`.
    HttpAnswer update(RestCall call) throws UnansweredException {
        if (!Ids.isValid(call.conversationId())) {
            return NO_SUCH_CONVERSATION;
        }
        Fields fields = Fields.of(call.body(), ErrorCode.INVALID_REQUEST);
        UpdateConversation update = conversations.update(fields);
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return HttpAnswer.error(rejection.code(), rejection.reason());
        }
        if (update.equals(new UpdateConversation())) {
            return HttpAnswer.error(ErrorCode.INVALID_REQUEST, "body: must name a property to change");
        }
        InboundCommand command =
                commands.update(call.caller(), CommandFactory.NO_CONNECTION, call.conversationId(), update);
        return answer(call, command, RestChanges::shown);
    }

    /// `POST /api/v1/conversations/{id}/members`.
    HttpAnswer add(RestCall call) throws UnansweredException {
        if (!Ids.isValid(call.conversationId())) {
            return NO_SUCH_CONVERSATION;
        }
        Fields fields = Fields.of(call.body(), ErrorCode.INVALID_REQUEST);
        List<String> userIds = conversations.newcomers(fields);
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return HttpAnswer.error(rejection.code(), rejection.reason());
        }
        InboundCommand command = members(call, CommandKind.MEMBER_ADD, userIds, null);
        Outcome outcome = log.ask(call.caller(), command, introductions::introduce);
        if (Introductions.isNeeded(command, outcome)) {
            InboundCommand introduced = members(call, CommandKind.MEMBER_ADD, userIds, null);
            outcome = log.ask(call.caller(), introduced, introductions::introduceContacts);
        }
        return OutcomeAnswers.of(outcome, RestChanges::shown);
    }

    /// `DELETE /api/v1/conversations/{id}/members/{userId}`.
    HttpAnswer remove(RestCall call) throws UnansweredException {
        if (!Ids.isValid(call.conversationId())) {
            return NO_SUCH_CONVERSATION;
        }
        if (!Ids.isValid(call.memberId())) {
            return NO_USER_ID;
        }
        InboundCommand command = members(call, CommandKind.MEMBER_REMOVE, List.of(call.memberId()), null);
        return answer(call, command, done -> HttpAnswer.empty());
    }

    /// `PATCH /api/v1/conversations/{id}/members/{userId}`.
    HttpAnswer changeRole(RestCall call) throws UnansweredException {
        if (!Ids.isValid(call.conversationId())) {
            return NO_SUCH_CONVERSATION;
        }
        if (!Ids.isValid(call.memberId())) {
            return NO_USER_ID;
        }
        Fields fields = Fields.of(call.body(), ErrorCode.INVALID_REQUEST);
        String role = conversations.role(fields);
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return HttpAnswer.error(rejection.code(), rejection.reason());
        }
        InboundCommand command = members(call, CommandKind.MEMBER_ROLE, List.of(call.memberId()), role);
        return answer(call, command, RestChanges::shown);
    }

    private InboundCommand members(RestCall call, CommandKind kind, List<String> userIds, @Nullable String role) {
        return commands.members(
                call.caller(),
                CommandFactory.NO_CONNECTION,
                call.conversationId(),
                kind,
                new ChangeMembers(userIds, role));
    }

    private HttpAnswer answer(RestCall call, InboundCommand command, Function<Delivery, HttpAnswer> done)
            throws UnansweredException {
        return OutcomeAnswers.of(log.ask(call.caller(), command), done);
    }

    private static HttpAnswer shown(Delivery delivery) {
        return OutcomeAnswers.conversation(StatusCodes.OK, delivery);
    }
}
