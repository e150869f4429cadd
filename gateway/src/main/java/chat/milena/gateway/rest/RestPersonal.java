package chat.milena.gateway.rest;

import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.Outcome;
import chat.milena.gateway.command.Outcome.Accepted;
import chat.milena.gateway.command.Outcome.Duplicate;
import chat.milena.gateway.command.Outcome.Rejected;
import chat.milena.gateway.rest.CommandCall.UnansweredException;
import chat.milena.protocol.call.Done;
import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.util.StatusCodes;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The calls by which a user changes what a conversation is to them alone: muted, accepted. Safe for all threads;
/// blocks
/// while it waits for the outcome.
final class RestPersonal {
    /// Fields of the same body that come later: better refused than passed over.
    private static final List<String> NOT_SERVED =
            List.of("archived", "pinned", "hidden", "unreadFrom", "clearedUpTo", "draft");

    private final CommandFactory commands;
    private final CommandCall log;
    private final Clock clock;

    RestPersonal(CommandFactory commands, CommandCall log, Clock clock) {
        this.commands = commands;
        this.log = log;
        this.clock = clock;
    }

    /// `PUT /api/v1/conversations/{id}/mute`.
    HttpAnswer mute(RestCall call) throws UnansweredException {
        if (!Ids.isValid(call.conversationId())) {
            return HttpAnswer.error(ErrorCode.CONVERSATION_NOT_FOUND, "no such conversation");
        }
        Fields fields = Fields.of(call.body(), ErrorCode.INVALID_REQUEST);
        Long until = fields.optionalInteger("until");
        if (until != null && until <= clock.millis()) {
            fields.refuse("until", "must be in the future");
        }
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return HttpAnswer.error(rejection.code(), rejection.reason());
        }
        Outcome outcome = log.ask(
                call.caller(),
                commands.mute(
                        call.caller(),
                        CommandFactory.NO_CONNECTION,
                        call.conversationId(),
                        until == null ? null : Instant.ofEpochMilli(until)));
        return switch (outcome) {
            case Accepted done -> HttpAnswer.of(StatusCodes.OK, body(call.conversationId(), until));
            case Duplicate done -> HttpAnswer.of(StatusCodes.OK, body(call.conversationId(), until));
            case Rejected rejected -> OutcomeAnswers.rejected(rejected);
        };
    }

    /// `PATCH /api/v1/conversations/{id}/personal`.
    HttpAnswer personal(RestCall call) throws UnansweredException {
        if (!Ids.isValid(call.conversationId())) {
            return HttpAnswer.error(ErrorCode.CONVERSATION_NOT_FOUND, "no such conversation");
        }
        Fields fields = Fields.of(call.body(), ErrorCode.INVALID_REQUEST);
        NOT_SERVED.stream().filter(call.body()::has).forEach(name -> fields.refuse(name, "not served yet"));
        if (!fields.flag("accepted", false)) {
            fields.refuse("accepted", "must be true; it is never taken back");
        }
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return HttpAnswer.error(rejection.code(), rejection.reason());
        }
        Outcome outcome = log.ask(
                call.caller(), commands.accept(call.caller(), CommandFactory.NO_CONNECTION, call.conversationId()));
        return switch (outcome) {
            case Accepted done -> HttpAnswer.of(StatusCodes.OK, accepted(call.conversationId()));
            case Duplicate done -> HttpAnswer.of(StatusCodes.OK, accepted(call.conversationId()));
            case Rejected rejected -> OutcomeAnswers.rejected(rejected);
        };
    }

    private static byte[] accepted(String conversationId) {
        return ProtocolJson.bytes(new Done.Accepted(conversationId, true));
    }

    private static byte[] body(String conversationId, @Nullable Long until) {
        return ProtocolJson.bytes(new Done.Muted(conversationId, until != null, until));
    }
}
