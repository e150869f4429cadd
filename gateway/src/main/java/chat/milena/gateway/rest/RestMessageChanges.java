package chat.milena.gateway.rest;

import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.Outcome.Accepted;
import chat.milena.gateway.command.Outcome.Duplicate;
import chat.milena.gateway.command.Outcome.Rejected;
import chat.milena.gateway.rest.CommandCall.UnansweredException;
import chat.milena.protocol.call.Done;
import chat.milena.protocol.frame.Limits;
import chat.milena.protocol.frame.MessageChangeReader;
import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.schemas.avro.ChangeMessage;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.CommandKind;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.util.StatusCodes;
import java.util.function.BiFunction;

/// The calls that change a message. Safe for all threads; blocks while it waits for the outcome.
final class RestMessageChanges {
    static final HttpAnswer NO_SUCH_CONVERSATION =
            HttpAnswer.error(ErrorCode.CONVERSATION_NOT_FOUND, "no such conversation");
    static final HttpAnswer NO_MESSAGE_ID =
            HttpAnswer.error(ErrorCode.INVALID_MESSAGE, "messageId: must be 1 to 64 of A-Z a-z 0-9 _ . : -");

    private final CommandFactory commands;
    private final CommandCall log;
    private final MessageChangeReader changes;

    RestMessageChanges(CommandFactory commands, CommandCall log, Limits limits) {
        this.commands = commands;
        this.log = log;
        this.changes = new MessageChangeReader(limits);
    }

    /// `PATCH /api/v1/conversations/{id}/messages/{messageId}`.
    HttpAnswer edit(RestCall call) throws UnansweredException {
        return change(call, CommandKind.MESSAGE_EDIT, changes::edit);
    }

    /// `DELETE /api/v1/conversations/{id}/messages/{messageId}`.
    HttpAnswer delete(RestCall call) throws UnansweredException {
        return change(
                call,
                CommandKind.MESSAGE_DELETE,
                (fields, messageId) -> MessageChangeReader.delete(fields, messageId, call.reason()));
    }

    /// `PUT /api/v1/conversations/{id}/messages/{messageId}/reactions/{emoji}`.
    HttpAnswer react(RestCall call) throws UnansweredException {
        return react(call, false);
    }

    /// `DELETE /api/v1/conversations/{id}/messages/{messageId}/reactions/{emoji}`.
    HttpAnswer unreact(RestCall call) throws UnansweredException {
        return react(call, true);
    }

    private HttpAnswer react(RestCall call, boolean remove) throws UnansweredException {
        return change(
                call,
                CommandKind.MESSAGE_REACT,
                (fields, messageId) -> MessageChangeReader.react(fields, messageId, call.emoji(), remove));
    }

    /// `PUT /api/v1/conversations/{id}/messages/{messageId}/pin`.
    HttpAnswer pin(RestCall call) throws UnansweredException {
        return change(call, CommandKind.MESSAGE_PIN, (fields, messageId) -> MessageChangeReader.pin(messageId, false));
    }

    /// `DELETE /api/v1/conversations/{id}/messages/{messageId}/pin`.
    HttpAnswer unpin(RestCall call) throws UnansweredException {
        return change(call, CommandKind.MESSAGE_PIN, (fields, messageId) -> MessageChangeReader.pin(messageId, true));
    }

    /// `PUT /api/v1/conversations/{id}/threads/{messageId}/follow`.
    HttpAnswer follow(RestCall call) throws UnansweredException {
        return follow(call, CommandKind.THREAD_FOLLOW);
    }

    /// `DELETE /api/v1/conversations/{id}/threads/{messageId}/follow`.
    HttpAnswer unfollow(RestCall call) throws UnansweredException {
        return follow(call, CommandKind.THREAD_UNFOLLOW);
    }

    private HttpAnswer follow(RestCall call, CommandKind kind) throws UnansweredException {
        return change(
                call,
                kind,
                (fields, messageId) -> new ChangeMessage(messageId, null, null, null, null, false),
                (delivery, duplicate) -> OutcomeAnswers.thread(StatusCodes.OK, delivery));
    }

    private HttpAnswer change(RestCall call, CommandKind kind, BiFunction<Fields, String, ChangeMessage> read)
            throws UnansweredException {
        return change(call, kind, read, RestMessageChanges::changed);
    }

    private HttpAnswer change(
            RestCall call,
            CommandKind kind,
            BiFunction<Fields, String, ChangeMessage> read,
            BiFunction<Delivery, Boolean, HttpAnswer> done)
            throws UnansweredException {
        if (!Ids.isValid(call.conversationId())) {
            return NO_SUCH_CONVERSATION;
        }
        if (!Ids.isValidMessageId(call.messageId())) {
            return NO_MESSAGE_ID;
        }
        Fields fields = Fields.of(call.body(), ErrorCode.INVALID_MESSAGE);
        ChangeMessage change = read.apply(fields, call.messageId());
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return HttpAnswer.error(rejection.code(), rejection.reason());
        }
        return switch (log.ask(
                call.caller(),
                commands.change(call.caller(), CommandFactory.NO_CONNECTION, call.conversationId(), kind, change))) {
            case Accepted(var delivery) -> done.apply(delivery, false);
            case Duplicate(var delivery) -> done.apply(delivery, true);
            case Rejected rejected -> OutcomeAnswers.rejected(rejected);
        };
    }

    private static HttpAnswer changed(Delivery delivery, boolean duplicate) {
        CommandOutcome outcome = delivery.getOutcome();
        return HttpAnswer.of(
                StatusCodes.OK,
                ProtocolJson.bytes(new Done.Changed(
                        outcome.getMessageId(),
                        delivery.getConversationId(),
                        outcome.getSequenceNumber(),
                        outcome.getTimestamp().toEpochMilli(),
                        duplicate,
                        outcome.getRevision(),
                        outcome.getHeld() ? true : null)));
    }
}
