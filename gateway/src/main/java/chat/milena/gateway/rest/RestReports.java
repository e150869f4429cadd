package chat.milena.gateway.rest;

import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.Outcome.Accepted;
import chat.milena.gateway.command.Outcome.Duplicate;
import chat.milena.gateway.command.Outcome.Rejected;
import chat.milena.gateway.rest.CommandCall.UnansweredException;
import chat.milena.gateway.device.DeviceQuery;
import chat.milena.protocol.call.Done;
import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.protocol.json.Json;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.protocol.read.ReportQueue.DecisionLine;
import chat.milena.protocol.timeline.Entry;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.runtime.limit.RateLimiter.Rate;
import chat.milena.runtime.limit.RateLimiter;
import chat.milena.runtime.time.Ticker;
import chat.milena.schemas.avro.DecideMessage;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.MessageCopy;
import chat.milena.schemas.avro.ReportMessage;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.DecisionAction;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.ReportReason;
import chat.milena.schemas.word.Word;
import io.undertow.util.StatusCodes;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reports of messages, and what moderators decide on them. Safe for all threads; blocks while it waits for the
/// outcome.
final class RestReports {
    private static final int TEXT_CHARACTERS_MAX = 1_000;
    private static final int REASON_CHARACTERS_MAX = 200;
    /// A user may report at each gateway.
    static final Rate REPORTS = new Rate(60, Duration.ofHours(1), "reports of a user in an hour");

    private static final int USERS_MAX = 100_000;

    private final CommandFactory commands;
    private final CommandCall log;
    private final DeviceQuery query;
    private final RateLimiter<UserKey> rates;
    private final Clock clock;

    /// @param query reads what is reported
    RestReports(CommandFactory commands, CommandCall log, DeviceQuery query, Clock clock) {
        this.rates = new RateLimiter<>(List.of(REPORTS), USERS_MAX, Ticker.system()::nanos);
        this.commands = commands;
        this.log = log;
        this.query = query;
        this.clock = clock;
    }

    /// `POST /api/v1/conversations/{id}/messages/{messageId}/report`.
    HttpAnswer report(RestCall call) throws UnansweredException {
        if (!Ids.isValid(call.conversationId())) {
            return RestMessageChanges.NO_SUCH_CONVERSATION;
        }
        if (!Ids.isValidMessageId(call.messageId())) {
            return RestMessageChanges.NO_MESSAGE_ID;
        }
        Fields fields = Fields.of(call.body(), ErrorCode.INVALID_REQUEST);
        String reason = fields.text("reason");
        if (Word.parse(ReportReason.class, reason).isEmpty()) {
            fields.refuse("reason", "must be spam, abuse, violence, illegal or other");
        }
        String text = text(fields, "text", TEXT_CHARACTERS_MAX);
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return HttpAnswer.error(rejection.code(), rejection.reason());
        }
        if (rates.take(call.caller().user()) instanceof RateLimiter.Refused refused) {
            return HttpAnswer.rateLimited(refused);
        }
        try {
            return reported(call, new ReportMessage(call.messageId(), reason, text, null));
        } catch (UnansweredException e) {
            rates.giveBack(call.caller().user());
            throw e;
        }
    }

    private HttpAnswer reported(RestCall call, ReportMessage report) throws UnansweredException {
        return switch (log.ask(
                call.caller(),
                commands.report(call.caller(), CommandFactory.NO_CONNECTION, call.conversationId(), report),
                command -> command.getReport().setCopy(copy(call)))) {
            case Accepted accepted -> reported(false);
            case Duplicate duplicate -> {
                rates.giveBack(call.caller().user());
                yield reported(true);
            }
            case Rejected rejected -> OutcomeAnswers.rejected(rejected);
        };
    }

    /// What the user reports, as it is now; null if it cannot be read. The report counts without it.
    private @Nullable MessageCopy copy(RestCall call) {
        return query.message(call.caller().user(), call.conversationId(), call.messageId())
                                instanceof DeviceQuery.Found<Entry.Message>(var message)
                        && message.content() != null
                        && message.revision() != null
                ? new MessageCopy(message.content().toRecord(), message.revision(), clock.instant())
                : null;
    }

    private static HttpAnswer reported(boolean duplicate) {
        return HttpAnswer.of(StatusCodes.ACCEPTED, ProtocolJson.bytes(new Done.Reported(duplicate)));
    }

    /// `POST /api/v1/moderation/decisions`.
    HttpAnswer decide(RestCall call) throws UnansweredException {
        Fields fields = Fields.of(call.body(), ErrorCode.INVALID_REQUEST);
        String conversationId = fields.id("conversationId");
        DecideMessage decision = decision(fields);
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return HttpAnswer.error(rejection.code(), rejection.reason());
        }
        return switch (log.ask(
                call.caller(),
                commands.decide(call.caller(), CommandFactory.NO_CONNECTION, conversationId, decision))) {
            case Accepted(var delivery) -> decided(call, conversationId, decision, delivery, false);
            case Duplicate(var delivery) -> decided(call, conversationId, decision, delivery, true);
            case Rejected rejected -> OutcomeAnswers.rejected(rejected);
        };
    }

    private DecideMessage decision(Fields fields) {
        String messageId = fields.messageId("messageId");
        String word = fields.text("action");
        DecisionAction action = Word.parse(DecisionAction.class, word).orElse(null);
        if (action == null) {
            fields.refuse("action", "must be remove, dismiss, warn, ban, release or reject");
        }
        Long until = fields.optionalInteger("until");
        if (until != null && action != DecisionAction.BAN) {
            fields.refuse("until", "is for the action ban");
        } else if (until != null && until <= clock.millis()) {
            fields.refuse("until", "must be in the future");
        }
        String scope = fields.optionalText("scope");
        if (scope != null && action != DecisionAction.BAN) {
            fields.refuse("scope", "is for the action ban");
        } else if (scope != null && !scope.equals(DecisionLine.TENANT) && !scope.equals(DecisionLine.CONVERSATION)) {
            fields.refuse("scope", "must be tenant or conversation");
        }
        String reason = text(fields, "reason", REASON_CHARACTERS_MAX);
        if (reason != null && action != DecisionAction.BAN) {
            fields.refuse("reason", "is for the action ban");
        }
        String text = text(fields, "text", TEXT_CHARACTERS_MAX);
        if (text != null && action != DecisionAction.WARN) {
            fields.refuse("text", "is for the action warn");
        }
        Long revision = fields.optionalInteger("revision");
        if (revision != null && revision < 0) {
            fields.refuse("revision", "must not be negative");
        }
        return new DecideMessage(
                messageId,
                word,
                until == null ? null : Instant.ofEpochMilli(until),
                DecisionLine.CONVERSATION.equals(scope),
                text == null ? reason : text,
                text(fields, "note", TEXT_CHARACTERS_MAX),
                revision);
    }

    private static @Nullable String text(Fields fields, String name, int charactersMax) {
        String text = fields.optionalText(name);
        if (text != null && text.isEmpty()) {
            fields.refuse(name, "must not be empty");
        } else if (text != null && Json.hasLoneSurrogate(text)) {
            fields.refuse(name, "must not contain lone surrogates");
        } else if (text != null && text.codePointCount(0, text.length()) > charactersMax) {
            fields.refuse(ErrorCode.TOO_LARGE, name, "must be at most " + charactersMax + " characters");
        }
        return text;
    }

    private static HttpAnswer decided(
            RestCall call, String conversationId, DecideMessage decision, Delivery delivery, boolean duplicate) {
        String moderator = call.caller().user().userId();
        Instant until = decision.getUntil();
        long timestamp = delivery.getOutcome().getTimestamp().toEpochMilli();
        return HttpAnswer.of(
                StatusCodes.OK,
                ProtocolJson.bytes(new Done.Decided(
                        decisionId(conversationId, decision.getMessageId(), moderator, timestamp),
                        conversationId,
                        decision.getMessageId(),
                        decision.getAction(),
                        until == null ? null : until.toEpochMilli(),
                        moderator,
                        timestamp,
                        duplicate)));
    }

    /// The same for the same decision, whatever gateway answers.
    private static String decisionId(String conversationId, String messageId, String moderator, long timestamp) {
        String name = String.join("\0", conversationId, messageId, moderator, Long.toString(timestamp));
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
