package chat.milena.gateway.rest;

import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.Outcome.Accepted;
import chat.milena.gateway.command.Outcome.Duplicate;
import chat.milena.gateway.command.Outcome.Rejected;
import chat.milena.gateway.rest.CommandCall.UnansweredException;
import chat.milena.gateway.rest.CommandCall.UnavailableException;
import chat.milena.protocol.call.CallRefused;
import chat.milena.protocol.call.Done;
import chat.milena.protocol.frame.Limits;
import chat.milena.protocol.frame.MessageReader;
import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.protocol.timeline.ThreadView;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.util.StatusCodes;
import java.time.Clock;

/// The calls that write: each checks its body, submits a command, and turns the outcome into an answer. Safe for
/// all threads; blocks while it waits for the outcome.
final class RestWrites {
    private static final int KEY_CHARS_MAX = 255;
    private static final HttpAnswer NOT_KNOWN_WITHOUT_KEY = HttpAnswer.error(
            ErrorCode.UNAVAILABLE,
            "outcome unknown; a retry may make a second group, with an Idempotency-Key it is safe");

    private final CommandFactory commands;
    private final CommandCall log;
    private final GroupIds groupIds;
    private final Introductions introductions;
    private final ConversationBodies conversations;
    private final MessageReader messages;
    private final Clock clock;

    RestWrites(
            CommandFactory commands,
            CommandCall log,
            GroupIds groupIds,
            Introductions introductions,
            ConversationBodies conversations,
            Limits limits,
            Clock clock) {
        this.commands = commands;
        this.log = log;
        this.groupIds = groupIds;
        this.introductions = introductions;
        this.conversations = conversations;
        this.messages = new MessageReader(limits);
        this.clock = clock;
    }

    /// `POST /api/v1/conversations`.
    HttpAnswer createDirect(RestCall call) throws UnansweredException {
        Fields fields = Fields.of(call.body(), ErrorCode.INVALID_REQUEST);
        UserKey creator = call.caller().user();
        CreateConversation conversation = conversations.direct(fields, creator.userId());
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return HttpAnswer.error(rejection.code(), rejection.reason());
        }
        String other = conversation.getParticipantIds().getFirst();
        return create(call.caller(), Ids.directConversation(creator.tenant(), creator.userId(), other), conversation);
    }

    /// `POST /api/v1/groups`.
    HttpAnswer createGroup(RestCall call) throws UnansweredException {
        String key = call.idempotencyKey();
        if (key != null && (key.isEmpty() || key.length() > KEY_CHARS_MAX)) {
            return HttpAnswer.error(
                    ErrorCode.INVALID_REQUEST, "Idempotency-Key: must be 1 to " + KEY_CHARS_MAX + " characters");
        }
        Fields fields = Fields.of(call.body(), ErrorCode.INVALID_REQUEST);
        UserKey creator = call.caller().user();
        CreateConversation conversation = conversations.group(fields, creator.userId());
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return HttpAnswer.error(rejection.code(), rejection.reason());
        }
        if (key != null) {
            return create(call.caller(), groupIds.of(creator, key), conversation);
        }
        try {
            return create(call.caller(), groupIds.random(), conversation);
        } catch (UnavailableException e) {
            // A retry would be a command for another group, and the first one may exist.
            return NOT_KNOWN_WITHOUT_KEY;
        }
    }

    /// `POST /api/v1/conversations/{id}/messages`.
    HttpAnswer send(RestCall call) throws UnansweredException {
        String conversationId = call.conversationId();
        if (!Ids.isValid(conversationId)) {
            return HttpAnswer.error(ErrorCode.CONVERSATION_NOT_FOUND, "no such conversation");
        }
        Fields fields = Fields.of(call.body(), ErrorCode.INVALID_MESSAGE);
        Message message = messages.read(fields, clock.instant());
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return HttpAnswer.error(rejection.code(), rejection.reason());
        }
        InboundCommand command = commands.send(call.caller(), CommandFactory.NO_CONNECTION, conversationId, message);
        return switch (log.ask(call.caller(), command)) {
            case Accepted(var delivery) ->
                HttpAnswer.of(StatusCodes.CREATED, ProtocolJson.bytes(sent(delivery, false)));
            case Duplicate(var delivery) ->
                HttpAnswer.refused(
                        StatusCodes.CONFLICT,
                        CallRefused.duplicate("this messageId was accepted before", sent(delivery, true)));
            case Rejected rejected -> OutcomeAnswers.rejected(rejected);
        };
    }

    private HttpAnswer create(Caller creator, String conversationId, CreateConversation conversation)
            throws UnansweredException {
        InboundCommand command = commands.create(creator, CommandFactory.NO_CONNECTION, conversationId, conversation);
        return switch (log.ask(creator, command, introductions::introduce)) {
            case Accepted(var delivery) -> OutcomeAnswers.conversation(StatusCodes.CREATED, delivery);
            case Duplicate(var delivery) -> OutcomeAnswers.conversation(StatusCodes.OK, delivery);
            case Rejected rejected -> OutcomeAnswers.rejected(rejected);
        };
    }

    private static Done.Sent sent(Delivery delivery, boolean duplicate) {
        CommandOutcome outcome = delivery.getOutcome();
        return new Done.Sent(
                outcome.getMessageId(),
                delivery.getConversationId(),
                outcome.getSequenceNumber(),
                outcome.getTimestamp().toEpochMilli(),
                duplicate,
                outcome.getThread() == null ? null : outcome.getThreadOrdinal(),
                ThreadView.of(outcome.getThread()),
                outcome.getHeld() ? true : null);
    }
}
