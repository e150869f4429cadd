package chat.milena.gateway.rest;

import chat.milena.protocol.conversation.ConversationView;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.OutcomeStatus;
import chat.milena.schemas.word.Word;

/// Turns what became of a command into the answer of its call. Pure.
final class OutcomeAnswers {
    private OutcomeAnswers() {}

    /// What became of it; a word of a newer version counts as a refusal.
    static OutcomeStatus status(CommandOutcome outcome) {
        return Word.parse(OutcomeStatus.class, outcome.getStatus()).orElse(OutcomeStatus.REJECTED);
    }

    /// The conversation, as the outcome shows it.
    static HttpAnswer conversation(int status, Delivery delivery) {
        ConversationSnapshot conversation = delivery.getConversation();
        if (conversation == null) {
            throw new IllegalStateException("An outcome came without the conversation that it must show");
        }
        return HttpAnswer.of(
                status, ProtocolJson.bytes(ConversationView.of(delivery.getConversationId(), conversation)));
    }

    /// The sequencer's refusal, in its own words.
    static HttpAnswer rejected(CommandOutcome outcome) {
        String code = outcome.getCode() == null ? "" : outcome.getCode();
        String reason = outcome.getReason() == null ? "refused" : outcome.getReason();
        return HttpAnswer.error(Word.parse(ErrorCode.class, code).orElse(ErrorCode.INVALID_REQUEST), reason);
    }
}
