package chat.milena.gateway.rest;

import chat.milena.gateway.inbound.CommandFactory;
import chat.milena.gateway.inbound.PendingCalls;
import chat.milena.gateway.rest.CommandCall.UnansweredException;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.runtime.json.Fields;
import chat.milena.runtime.json.Fields.Rejection;
import chat.milena.runtime.json.Json;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.util.StatusCodes;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The call by which a user mutes a conversation for themselves. Safe for all threads; blocks while it waits for the
/// outcome.
final class RestMute {
    private final CommandFactory commands;
    private final CommandCall log;
    private final Clock clock;

    RestMute(CommandFactory commands, CommandCall log, Clock clock) {
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
        CommandOutcome outcome = log.ask(
                        call.caller(),
                        commands.mute(
                                call.caller().user(),
                                PendingCalls.CONNECTION_ID,
                                call.conversationId(),
                                until == null ? null : Instant.ofEpochMilli(until)))
                .getOutcome();
        return switch (OutcomeAnswers.status(outcome)) {
            case ACCEPTED, DUPLICATE -> HttpAnswer.of(StatusCodes.OK, body(call.conversationId(), until));
            case REJECTED -> OutcomeAnswers.rejected(outcome);
        };
    }

    private static byte[] body(String conversationId, @Nullable Long until) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("conversationId", conversationId);
            json.writeBooleanField("muted", until != null);
            if (until != null) {
                json.writeNumberField("mutedUntil", until);
            }
            json.writeEndObject();
        });
    }
}
