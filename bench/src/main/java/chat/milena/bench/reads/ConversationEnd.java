package chat.milena.bench.reads;

import chat.milena.bench.call.HttpAnswer;
import chat.milena.bench.call.RestClient;
import chat.milena.bench.client.UsageFailure;

/// Reads the last number of a conversation from the read side.
final class ConversationEnd {
    private ConversationEnd() {}

    static long of(RestClient rest, String userId, String conversationId) throws InterruptedException {
        HttpAnswer answer = rest.call(userId, "GET", "/api/v1/conversations/" + conversationId, null);
        long last = answer.json().path("lastSequence").asLong();
        if (!answer.ok() || last < 1) {
            throw new UsageFailure(
                    "conversation " + conversationId + " cannot be read as " + userId + ": " + answer.refusal());
        }
        return last;
    }
}
