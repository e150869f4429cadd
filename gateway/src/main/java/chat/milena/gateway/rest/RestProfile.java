package chat.milena.gateway.rest;

import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.Outcome;
import chat.milena.gateway.command.Outcome.Accepted;
import chat.milena.gateway.command.Outcome.Duplicate;
import chat.milena.gateway.command.Outcome.Rejected;
import chat.milena.gateway.rest.CommandCall.UnansweredException;
import chat.milena.protocol.conversation.UserView;
import chat.milena.protocol.frame.ProfileReader;
import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.schemas.avro.ChangeProfile;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.util.StatusCodes;
import java.util.function.Consumer;

/// The call that replaces the profile of a user. Safe for all threads; blocks while it waits for the outcome.
final class RestProfile {
    private final CommandFactory commands;
    private final CommandCall log;
    private final Consumer<User> changed;

    /// @param changed called with each changed profile, to notify its watchers
    RestProfile(CommandFactory commands, CommandCall log, Consumer<User> changed) {
        this.commands = commands;
        this.log = log;
        this.changed = changed;
    }

    /// `PUT /api/v1/users/me`.
    HttpAnswer put(RestCall call) throws UnansweredException {
        Fields fields = Fields.of(call.body(), ErrorCode.INVALID_REQUEST);
        ChangeProfile profile = ProfileReader.read(fields);
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return HttpAnswer.error(rejection.code(), rejection.reason());
        }
        Outcome outcome =
                log.ask(call.caller(), commands.profile(call.caller(), CommandFactory.NO_CONNECTION, profile));
        return switch (outcome) {
            case Accepted(Delivery delivery) -> {
                changed.accept(delivery.getUser());
                yield shown(delivery);
            }
            case Duplicate(Delivery delivery) -> shown(delivery);
            case Rejected rejected -> OutcomeAnswers.rejected(rejected);
        };
    }

    private static HttpAnswer shown(Delivery delivery) {
        return HttpAnswer.of(StatusCodes.OK, ProtocolJson.bytes(UserView.of(delivery.getUser())));
    }
}
