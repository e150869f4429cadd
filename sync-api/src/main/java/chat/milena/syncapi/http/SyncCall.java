package chat.milena.syncapi.http;

import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.syncapi.read.Cursors;
import chat.milena.syncapi.read.MembershipReader;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/// Answers a client that comes back with all that it missed: `POST /api/v1/sync`, and the frame `sync`.
///
/// Safe for all threads; waits for the views. At most so many at once; beyond it the answer is
/// [CallAnswer.Unavailable]. An answer is bounded by the entries and by the content of each conversation, since what
/// does not fit comes with the next sync: 500 conversations of long messages answer about 32 million characters.
public final class SyncCall {
    private static final String NAME = "sync";
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);
    private static final int CHARACTERS_MAX = 4 * 1024 * 1024;
    private static final int CHARACTERS_OF_ONE_MIN = 64 * 1024;

    private final Reads reads;
    private final SyncLimits limits;
    private final Clock clock;
    private final CallMeters meters;
    private final Semaphore places;

    SyncCall(Reads reads, SyncLimits limits, Clock clock, CallMeters meters) {
        this.reads = reads;
        this.limits = limits;
        this.clock = clock;
        this.meters = meters;
        this.places = new Semaphore(limits.syncsInProgressMax());
    }

    /// The answer to a body.
    public CallAnswer answer(UserKey user, JsonNode body) {
        return answer(user, body, "");
    }

    /// The answer to a body that is part of something larger.
    ///
    /// @param user who asks; from a verified token
    /// @param body what is asked; checked here
    /// @param path what stands before the names of its fields in a refusal, such as `payload.`
    public CallAnswer answer(UserKey user, JsonNode body, String path) {
        return meters.timed(NAME, () -> bounded(user, body, path));
    }

    private CallAnswer bounded(UserKey user, JsonNode body, String path) {
        if (!body.isObject()) {
            return new CallAnswer.Refused(ErrorCode.INVALID_REQUEST, "body: must be a JSON object");
        }
        switch (SyncRequest.parse(body, path, limits)) {
            case SyncRequest.Invalid(var rejection) -> {
                return CallAnswer.of(rejection);
            }
            case SyncRequest.Valid(var request) -> {
                if (!places.tryAcquire()) {
                    return new CallAnswer.Unavailable("too many syncs in progress", RETRY_SOON);
                }
                try {
                    return new CallAnswer.Answered(sync(user, request));
                } catch (ReadsUnavailableException e) {
                    return CallAnswer.of(e);
                } finally {
                    places.release();
                }
            }
        }
    }

    private ObjectNode sync(UserKey user, SyncRequest request) throws ReadsUnavailableException {
        List<String> named = List.copyOf(request.lastSequences().keySet());
        List<ReadAnswer> answers = reads.ask(firstReads(user, request));
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode conversations = json.putArray("conversations");
        ArrayNode denied = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < named.size(); i++) {
            switch (answers.get(i)) {
                case ReadAnswer.Answered(var one) -> conversations.add(one);
                case ReadAnswer.Refused refused -> denied.add(named.get(i));
            }
        }
        List<String> unnamed = unnamed(request, answers.getLast());
        boolean more = unnamed.size() > limits.newConversationsMax();
        List<String> told = more ? unnamed.subList(0, limits.newConversationsMax()) : unnamed;
        json.set("newConversations", describe(user, told));
        if (more) {
            json.put("newConversationsCursor", Cursors.conversation(told.getLast()));
        }
        json.set("denied", denied);
        json.put("serverTime", clock.millis());
        return json;
    }

    /// One for each conversation that is named, and the memberships behind them.
    private List<Read> firstReads(UserKey user, SyncRequest request) {
        Map<String, Long> lastSequences = request.lastSequences();
        int charactersMax = Math.max(CHARACTERS_OF_ONE_MIN, CHARACTERS_MAX / Math.max(1, lastSequences.size()));
        List<Read> reads = new ArrayList<>(lastSequences.size() + 1);
        lastSequences.forEach((conversationId, lastSequence) -> reads.add(new Read.SyncOne(
                new ConversationKey(user.tenant(), conversationId),
                user.userId(),
                lastSequence,
                request.limit(),
                charactersMax)));
        // Even if all that are named come first, there are enough others behind them to fill the answer, and one more.
        int membershipsMax = lastSequences.size() + limits.newConversationsMax() + 1;
        reads.add(new Read.Memberships(user, request.newConversationsAfter(), membershipsMax));
        return reads;
    }

    private static List<String> unnamed(SyncRequest request, ReadAnswer memberships) {
        return switch (memberships) {
            case ReadAnswer.Answered(var json) ->
                MembershipReader.conversationIds(json).stream()
                        .filter(id -> !request.lastSequences().containsKey(id))
                        .toList();
            case ReadAnswer.Refused refused -> List.of();
        };
    }

    private ArrayNode describe(UserKey user, List<String> conversationIds) throws ReadsUnavailableException {
        ArrayNode described = JsonNodeFactory.instance.arrayNode();
        if (conversationIds.isEmpty()) {
            return described;
        }
        List<Read> questions = conversationIds.stream()
                .<Read>map(id -> new Read.Describe(new ConversationKey(user.tenant(), id), user.userId()))
                .toList();
        for (ReadAnswer answer : reads.ask(questions)) {
            switch (answer) {
                case ReadAnswer.Answered(var json) -> described.add(json);
                // They left in between.
                case ReadAnswer.Refused refused -> {}
            }
        }
        return described;
    }
}
