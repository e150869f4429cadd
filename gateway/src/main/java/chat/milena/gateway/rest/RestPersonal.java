package chat.milena.gateway.rest;

import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.Outcome;
import chat.milena.gateway.rest.CommandCall.UnansweredException;
import chat.milena.protocol.call.Done;
import chat.milena.protocol.frame.PersonalReader;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.schemas.avro.ChangePersonal;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.util.StatusCodes;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The calls that change a user's own state of a conversation: muted, joined in, archived and so on. Safe for all
/// threads; blocks while it waits for the outcome.
final class RestPersonal {
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
        return OutcomeAnswers.of(outcome, _ -> HttpAnswer.of(StatusCodes.OK, body(call.conversationId(), until)));
    }

    /// `PATCH /api/v1/conversations/{id}/personal`.
    HttpAnswer personal(RestCall call) throws UnansweredException {
        if (!Ids.isValid(call.conversationId())) {
            return HttpAnswer.error(ErrorCode.CONVERSATION_NOT_FOUND, "no such conversation");
        }
        Fields fields = Fields.of(call.body(), ErrorCode.INVALID_REQUEST);
        ChangePersonal change = PersonalReader.read(fields);
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return HttpAnswer.error(rejection.code(), rejection.reason());
        }
        Outcome outcome = log.ask(
                call.caller(),
                commands.personal(call.caller(), CommandFactory.NO_CONNECTION, call.conversationId(), change));
        return OutcomeAnswers.of(outcome, RestPersonal::kept);
    }

    private static HttpAnswer kept(Delivery delivery) {
        return HttpAnswer.of(
                StatusCodes.OK,
                ProtocolJson.bytes(
                        new Done.Kept(delivery.getConversationId(), ServerFrames.personal(delivery.getPersonal()))));
    }

    private static byte[] body(String conversationId, @Nullable Long until) {
        return ProtocolJson.bytes(new Done.Muted(conversationId, until != null, until));
    }
}
