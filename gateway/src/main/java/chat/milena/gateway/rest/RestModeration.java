package chat.milena.gateway.rest;

import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.Outcome;
import chat.milena.gateway.rest.CommandCall.UnansweredException;
import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.protocol.json.Json;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.protocol.read.Bans.BanLine;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.schemas.avro.ChangeBan;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.util.StatusCodes;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The calls of moderators. Whether the caller is one is decided by the rules, with the command. Safe for all threads;
/// blocks while it waits for the outcome.
final class RestModeration {
    private static final int REASON_CHARACTERS_MAX = 200;
    private static final String CONVERSATION = "conversationId";

    private static final HttpAnswer NO_USER_ID =
            HttpAnswer.error(ErrorCode.INVALID_REQUEST, "userId: must be a user id");
    private static final HttpAnswer NO_CONVERSATION_ID =
            HttpAnswer.error(ErrorCode.INVALID_REQUEST, "conversationId: must be the id of a conversation");

    private final CommandFactory commands;
    private final CommandCall log;
    private final Clock clock;

    RestModeration(CommandFactory commands, CommandCall log, Clock clock) {
        this.commands = commands;
        this.log = log;
        this.clock = clock;
    }

    /// `PUT /api/v1/moderation/bans/{userId}`.
    HttpAnswer ban(RestCall call) throws UnansweredException {
        if (!Ids.isValidUser(call.memberId())) {
            return NO_USER_ID;
        }
        Fields fields = Fields.of(call.body(), ErrorCode.INVALID_REQUEST);
        String conversationId = fields.has(CONVERSATION) ? fields.id(CONVERSATION) : null;
        Instant until = until(fields);
        String reason = reason(fields);
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return HttpAnswer.error(rejection.code(), rejection.reason());
        }
        ChangeBan ban = new ChangeBan(call.memberId(), conversationId, true, until, reason);
        return OutcomeAnswers.of(ask(call, ban), delivery -> made(call, ban, delivery));
    }

    /// `DELETE /api/v1/moderation/bans/{userId}`.
    HttpAnswer unban(RestCall call) throws UnansweredException {
        if (!Ids.isValidUser(call.memberId())) {
            return NO_USER_ID;
        }
        String conversationId = call.scope();
        if (conversationId != null && !Ids.isValid(conversationId)) {
            return NO_CONVERSATION_ID;
        }
        return OutcomeAnswers.of(
                ask(call, new ChangeBan(call.memberId(), conversationId, false, null, "")), _ -> HttpAnswer.empty());
    }

    private Outcome ask(RestCall call, ChangeBan ban) throws UnansweredException {
        return log.ask(call.caller(), commands.ban(call.caller(), CommandFactory.NO_CONNECTION, ban));
    }

    private static HttpAnswer made(RestCall call, ChangeBan ban, Delivery delivery) {
        Instant until = ban.getUntil();
        return HttpAnswer.of(
                StatusCodes.OK,
                ProtocolJson.bytes(new BanLine(
                        ban.getUserId(),
                        ban.getConversationId(),
                        until == null ? null : until.toEpochMilli(),
                        ban.getReason(),
                        call.caller().user().userId(),
                        delivery.getOutcome().getTimestamp().toEpochMilli())));
    }

    private @Nullable Instant until(Fields fields) {
        Long millis = fields.optionalInteger("until");
        if (millis == null) {
            return null;
        }
        if (millis <= clock.millis()) {
            fields.refuse("until", "must be in the future");
        }
        return Instant.ofEpochMilli(millis);
    }

    private static String reason(Fields fields) {
        String reason = fields.text("reason");
        if (reason.isEmpty()) {
            fields.refuse("reason", "must not be empty");
        } else if (Json.hasLoneSurrogate(reason)) {
            fields.refuse("reason", "must not contain lone surrogates");
        } else if (reason.codePointCount(0, reason.length()) > REASON_CHARACTERS_MAX) {
            fields.refuse(ErrorCode.TOO_LARGE, "reason", "must be at most " + REASON_CHARACTERS_MAX + " characters");
        }
        return reason;
    }
}
