package chat.milena.gateway.rest;

import chat.milena.gateway.command.Outcome;
import chat.milena.gateway.command.Outcome.Accepted;
import chat.milena.gateway.command.Outcome.Duplicate;
import chat.milena.gateway.command.Outcome.Rejected;
import chat.milena.protocol.call.CallRefused;
import chat.milena.protocol.call.Done;
import chat.milena.protocol.conversation.ConversationView;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.Delivery;
import io.undertow.util.StatusCodes;
import java.util.function.Function;

/// The answers of calls whose command has an outcome. Pure.
final class OutcomeAnswers {
    private OutcomeAnswers() {}

    /// The answer where it does not matter whether the command was decided before.
    ///
    /// @param done the answer unless it was rejected
    static HttpAnswer of(Outcome outcome, Function<Delivery, HttpAnswer> done) {
        return switch (outcome) {
            case Accepted(var delivery) -> done.apply(delivery);
            case Duplicate(var delivery) -> done.apply(delivery);
            case Rejected rejected -> rejected(rejected);
        };
    }

    /// The conversation in the outcome.
    static HttpAnswer conversation(int status, Delivery delivery) {
        ConversationSnapshot conversation = delivery.getConversation();
        if (conversation == null) {
            throw new IllegalStateException("An outcome came without the conversation that it must show");
        }
        return HttpAnswer.of(
                status, ProtocolJson.bytes(ConversationView.of(delivery.getConversationId(), conversation)));
    }

    /// How the caller follows a thread, as the outcome shows it.
    static HttpAnswer thread(int status, Delivery delivery) {
        return HttpAnswer.of(status, ProtocolJson.bytes(Done.Following.of(delivery.getThread())));
    }

    /// The rejection of the sequencer, in its own words.
    static HttpAnswer rejected(Rejected rejected) {
        return HttpAnswer.refused(
                HttpAnswer.status(rejected.code()),
                CallRefused.decided(rejected.code(), rejected.reason(), rejected.outcome()));
    }
}
