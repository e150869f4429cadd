package chat.milena.gateway.rest;

import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.Outcome;
import chat.milena.gateway.rest.CommandCall.UnansweredException;
import chat.milena.protocol.call.Done;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.schemas.avro.ChangeBlock;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.util.StatusCodes;

/// The calls by which a user blocks somebody. Whether that somebody exists makes no difference. Safe for all threads;
/// blocks while it waits for the outcome.
final class RestBlocks {
    private static final HttpAnswer NO_USER_ID =
            HttpAnswer.error(ErrorCode.INVALID_REQUEST, "userId: must be a user id");

    private final CommandFactory commands;
    private final CommandCall log;

    RestBlocks(CommandFactory commands, CommandCall log) {
        this.commands = commands;
        this.log = log;
    }

    /// `PUT /api/v1/blocks/{userId}`.
    HttpAnswer put(RestCall call) throws UnansweredException {
        return change(
                call, true, HttpAnswer.of(StatusCodes.OK, ProtocolJson.bytes(new Done.Blocked(call.memberId(), true))));
    }

    /// `DELETE /api/v1/blocks/{userId}`.
    HttpAnswer delete(RestCall call) throws UnansweredException {
        return change(call, false, HttpAnswer.empty());
    }

    private HttpAnswer change(RestCall call, boolean blocked, HttpAnswer done) throws UnansweredException {
        if (!Ids.isValidUser(call.memberId())) {
            return NO_USER_ID;
        }
        Outcome outcome = log.ask(
                call.caller(),
                commands.block(call.caller(), CommandFactory.NO_CONNECTION, new ChangeBlock(call.memberId(), blocked)));
        return OutcomeAnswers.of(outcome, _ -> done);
    }
}
