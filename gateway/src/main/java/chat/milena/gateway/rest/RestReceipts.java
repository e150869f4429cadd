package chat.milena.gateway.rest;

import chat.milena.gateway.frame.ReceiptReader;
import chat.milena.gateway.inbound.CommandFactory;
import chat.milena.gateway.inbound.PendingCalls;
import chat.milena.gateway.rest.CommandCall.UnansweredException;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.runtime.json.Fields;
import chat.milena.runtime.json.Fields.Rejection;
import chat.milena.runtime.json.Json;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.ReceiptKind;
import io.undertow.util.StatusCodes;

/// The call that says how far its user has read. Safe for all threads; blocks while it waits for the outcome.
final class RestReceipts {
    private final CommandFactory commands;
    private final CommandCall log;

    /// @param log at the rate of receipts
    RestReceipts(CommandFactory commands, CommandCall log) {
        this.commands = commands;
        this.log = log;
    }

    /// `POST /api/v1/conversations/{id}/read`.
    HttpAnswer read(RestCall call) throws UnansweredException {
        if (!Ids.isValid(call.conversationId())) {
            return HttpAnswer.error(ErrorCode.CONVERSATION_NOT_FOUND, "no such conversation");
        }
        Fields fields = Fields.of(call.body(), ErrorCode.INVALID_REQUEST);
        MarkReceipt mark = ReceiptReader.read(fields);
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return HttpAnswer.error(rejection.code(), rejection.reason());
        }
        InboundCommand command = commands.receipt(
                call.caller().user(), PendingCalls.CONNECTION_ID, call.conversationId(), ReceiptKind.READ, mark);
        CommandOutcome outcome = log.ask(call.caller(), command).getOutcome();
        return switch (OutcomeAnswers.status(outcome)) {
            case ACCEPTED, DUPLICATE -> HttpAnswer.of(StatusCodes.ACCEPTED, body(call.conversationId(), outcome));
            case REJECTED -> OutcomeAnswers.rejected(outcome);
        };
    }

    private static byte[] body(String conversationId, CommandOutcome outcome) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("conversationId", conversationId);
            json.writeNumberField("readUpToSequence", outcome.getSequenceNumber());
            json.writeEndObject();
        });
    }
}
