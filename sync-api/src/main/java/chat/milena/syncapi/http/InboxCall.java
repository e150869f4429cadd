package chat.milena.syncapi.http;

import chat.milena.runtime.http.HttpCall;
import chat.milena.runtime.json.Fields.Rejection;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.read.Cursors;
import chat.milena.syncapi.read.Cursors.InboxPlace;
import chat.milena.syncapi.read.MembershipReader;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Answers the inbox: a user's conversations, the latest first. Safe for all threads; waits for the views.
///
/// Every line is gathered for each page, since the order is that of the moment. It knows the first so many
/// conversations of a user in the order of their ids; an answer that lacks some says `truncated`.
final class InboxCall {
    private static final Comparator<ObjectNode> LATEST_FIRST = Comparator.comparing(InboxCall::place, latestFirst());

    private final Reads reads;
    private final SyncLimits limits;

    InboxCall(Reads reads, SyncLimits limits) {
        this.reads = reads;
        this.limits = limits;
    }

    /// `GET /api/v1/conversations`.
    CallAnswer answer(HttpCall call) throws ReadsUnavailableException {
        QueryFields query = new QueryFields(call);
        int limit = query.limit(limits.pageDefault(), limits.pageMax());
        Optional<InboxPlace> after = query.cursor("cursor", Cursors::parseInbox);
        Rejection rejection = query.rejection();
        if (rejection != null) {
            return CallAnswer.of(rejection);
        }
        UserKey user = new UserKey(call.token().tenant(), call.token().userId());
        ReadAnswer memberships = reads.ask(List.of(new Read.Memberships(user, "", limits.membershipsMax() + 1)))
                .getFirst();
        return switch (memberships) {
            case ReadAnswer.Answered(var json) ->
                new CallAnswer.Answered(page(user, MembershipReader.conversationIds(json), after, limit));
            case ReadAnswer.Refused refused -> CallAnswer.of(refused);
        };
    }

    private ObjectNode page(UserKey user, List<String> conversationIds, Optional<InboxPlace> after, int limit)
            throws ReadsUnavailableException {
        boolean truncated = conversationIds.size() > limits.membershipsMax();
        List<String> known = truncated ? conversationIds.subList(0, limits.membershipsMax()) : conversationIds;
        List<ObjectNode> lines = lines(user, known, after);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode conversations = json.putArray("conversations");
        lines.stream().limit(limit).forEach(conversations::add);
        json.put("hasMore", lines.size() > limit);
        if (lines.size() > limit) {
            json.put("nextCursor", Cursors.inbox(place(lines.get(limit - 1))));
        }
        if (truncated) {
            json.put("truncated", true);
        }
        return json;
    }

    /// All lines behind a place, in order.
    private List<ObjectNode> lines(UserKey user, List<String> conversationIds, Optional<InboxPlace> after)
            throws ReadsUnavailableException {
        if (conversationIds.isEmpty()) {
            return List.of();
        }
        List<Read> questions = conversationIds.stream()
                .<Read>map(id -> new Read.Summary(new ConversationKey(user.tenant(), id), user.userId()))
                .toList();
        return reads.ask(questions).stream()
                // Who left in between is refused, and has no line.
                .filter(ReadAnswer.Answered.class::isInstance)
                .map(answer -> ((ReadAnswer.Answered) answer).json())
                .filter(line -> after.isEmpty() || latestFirst().compare(place(line), after.get()) > 0)
                .sorted(LATEST_FIRST)
                .toList();
    }

    private static InboxPlace place(ObjectNode line) {
        return new InboxPlace(
                line.path("lastEventAt").longValue(),
                line.path("conversationId").textValue());
    }

    private static Comparator<InboxPlace> latestFirst() {
        return Comparator.comparingLong(InboxPlace::epochMillis).reversed().thenComparing(InboxPlace::conversationId);
    }
}
