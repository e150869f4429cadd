package chat.milena.gateway.rest;

import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.Outcome;
import chat.milena.gateway.device.DeviceQuery;
import chat.milena.gateway.device.NotificationsReader;
import chat.milena.gateway.rest.CommandCall.UnansweredException;
import chat.milena.protocol.call.Notifications;
import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.schemas.avro.ChangePersonal;
import chat.milena.schemas.avro.NotificationSettings;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.util.StatusCodes;

/// The calls that change what a user is notified of by push. Safe for all threads; blocks while it waits for the
/// outcome.
final class RestNotifications {
    private final CommandFactory commands;
    private final CommandCall log;
    private final DeviceQuery query;

    RestNotifications(CommandFactory commands, CommandCall log, DeviceQuery query) {
        this.commands = commands;
        this.log = log;
        this.query = query;
    }

    /// `PUT /api/v1/users/me/notifications`.
    HttpAnswer put(RestCall call) throws UnansweredException {
        Fields fields = Fields.of(call.body(), ErrorCode.INVALID_REQUEST);
        NotificationSettings settings = NotificationsReader.read(fields);
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return HttpAnswer.error(rejection.code(), rejection.reason());
        }
        Outcome outcome =
                log.ask(call.caller(), commands.notifications(call.caller(), CommandFactory.NO_CONNECTION, settings));
        return OutcomeAnswers.of(outcome, _ -> shown(settings));
    }

    private static HttpAnswer shown(NotificationSettings settings) {
        return HttpAnswer.of(StatusCodes.OK, ProtocolJson.bytes(Notifications.UserNotifications.of(settings)));
    }

    /// `PUT /api/v1/conversations/{id}/notifications`. The answer is that of `GET`, which includes the change.
    HttpAnswer putLevel(RestCall call) throws UnansweredException {
        if (!Ids.isValid(call.conversationId())) {
            return HttpAnswer.error(ErrorCode.CONVERSATION_NOT_FOUND, "no such conversation");
        }
        Fields fields = Fields.of(call.body(), ErrorCode.INVALID_REQUEST);
        String level = NotificationsReader.level(fields);
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return HttpAnswer.error(rejection.code(), rejection.reason());
        }
        ChangePersonal change =
                ChangePersonal.newBuilder().setNotificationLevel(level).build();
        Outcome outcome = log.ask(
                call.caller(),
                commands.personal(call.caller(), CommandFactory.NO_CONNECTION, call.conversationId(), change));
        return OutcomeAnswers.of(outcome, _ -> present(call));
    }

    private HttpAnswer present(RestCall call) {
        return switch (query.notifications(call.caller().user(), call.conversationId())) {
            case DeviceQuery.Found<Notifications.ConversationNotifications>(var shown) ->
                HttpAnswer.of(StatusCodes.OK, ProtocolJson.bytes(shown));
            case DeviceQuery.Refused<Notifications.ConversationNotifications>(var code, var reason) ->
                HttpAnswer.error(code, reason);
            case DeviceQuery.Unavailable<Notifications.ConversationNotifications> away ->
                HttpAnswer.error(ErrorCode.UNAVAILABLE, "changed, but not to be read now; safe to retry");
        };
    }
}
