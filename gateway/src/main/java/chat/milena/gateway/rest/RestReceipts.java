package chat.milena.gateway.rest;

import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.rest.CommandCall.UnansweredException;
import chat.milena.protocol.call.Done;
import chat.milena.protocol.frame.ReceiptReader;
import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.ReceiptKind;
import io.undertow.util.StatusCodes;

/// The call that moves the read watermark of its user. Safe for all threads; blocks while it waits for the
/// outcome.
final class RestReceipts {
    private final CommandFactory commands;
    private final CommandCall log;

    /// @param log with the rate of receipts
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
        MarkReceipt mark = ReceiptReader.readMark(fields);
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return HttpAnswer.error(rejection.code(), rejection.reason());
        }
        InboundCommand command = commands.receipt(
                call.caller(), CommandFactory.NO_CONNECTION, call.conversationId(), ReceiptKind.READ, mark);
        return OutcomeAnswers.of(log.ask(call.caller(), command), RestReceipts::marked);
    }

    private static HttpAnswer marked(Delivery delivery) {
        if (delivery.getThread() != null) {
            return OutcomeAnswers.thread(StatusCodes.ACCEPTED, delivery);
        }
        return HttpAnswer.of(
                StatusCodes.ACCEPTED,
                ProtocolJson.bytes(new Done.ReadUpTo(
                        delivery.getConversationId(), delivery.getOutcome().getSequenceNumber())));
    }
}
