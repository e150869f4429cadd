package chat.milena.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/// The read calls of [FakeServer], which tell all that was acked until a test says otherwise.
public final class FakeReads {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SYNC_LIMIT = 100;

    /// Reads refused with 503, as long as above zero.
    public final AtomicInteger toRefuse = new AtomicInteger();
    /// Reads answered so far, refused ones among them.
    public final AtomicInteger asked = new AtomicInteger();
    /// Who has read so far.
    public final Set<String> readers = ConcurrentHashMap.newKeySet();
    /// Numbers up to this one are told as expired.
    public volatile long expiredUpTo;
    /// Entries of a conversation as any read sees them; a test may drop or change some.
    public volatile UnaryOperator<List<ObjectNode>> view = entries -> entries;
    /// Every answer of history, about to be sent.
    public volatile UnaryOperator<ObjectNode> page = answer -> answer;

    /// One conversation of the server.
    interface Source {
        Set<String> members();

        List<ObjectNode> timeline();
    }

    record Answer(int status, String body) {}

    Answer answer(String userId, String uri, String body, Map<String, ? extends Source> all)
            throws JsonProcessingException {
        asked.incrementAndGet();
        readers.add(userId);
        if (toRefuse.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            return new Answer(503, "{\"error\":\"UNAVAILABLE\",\"message\":\"no\"}");
        }
        if (uri.equals("/api/v1/sync")) {
            return new Answer(200, sync(userId, JSON.readTree(body), all).toString());
        }
        String[] parts = uri.split("[/?]", -1);
        Source source = all.get(parts[4]);
        if (source == null) {
            return new Answer(404, "{\"error\":\"CONVERSATION_NOT_FOUND\"}");
        }
        if (!source.members().contains(userId)) {
            return new Answer(403, "{\"error\":\"FORBIDDEN\"}");
        }
        if (parts.length == 5) {
            return new Answer(
                    200,
                    JSON.createObjectNode()
                            .put("conversationId", parts[4])
                            .put("lastSequence", source.timeline().size())
                            .toString());
        }
        return new Answer(
                200,
                page.apply(history(source, uri.substring(uri.indexOf('?') + 1))).toString());
    }

    ObjectNode sync(String userId, JsonNode asked, Map<String, ? extends Source> all) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode conversations = answer.putArray("conversations");
        ArrayNode denied = answer.putArray("denied");
        answer.putArray("newConversations");
        answer.put("serverTime", 1);
        int limit = asked.path("limit").asInt(SYNC_LIMIT);
        for (JsonNode one : asked.path("conversations")) {
            String id = one.path("conversationId").asText();
            Source source = all.get(id);
            if (source == null || !source.members().contains(userId)) {
                denied.add(id);
                continue;
            }
            long from = one.path("lastSequence").asLong();
            List<ObjectNode> entries = seen(source);
            ObjectNode told = conversations.addObject().put("conversationId", id);
            ArrayNode messages = told.putArray("messages");
            entries.stream().filter(entry -> number(entry) > from).limit(limit).forEach(messages::add);
            long last = entries.isEmpty() ? expiredUpTo : Math.max(expiredUpTo, number(entries.getLast()));
            long end = messages.isEmpty() ? last : number((ObjectNode) messages.get(messages.size() - 1));
            told.put("hasMore", end < last).put("lastSequence", last).put("unreadCount", 0);
            if (from < expiredUpTo) {
                told.putArray("expired").addObject().put("from", from + 1).put("to", expiredUpTo);
            }
        }
        return answer;
    }

    private ObjectNode history(Source source, String query) {
        List<ObjectNode> entries = seen(source);
        long before = parameter(query, "before", Long.MAX_VALUE);
        long after = parameter(query, "after", -1);
        int limit = (int) parameter(query, "limit", 50);
        boolean up = after >= 0;
        List<ObjectNode> all = new ArrayList<>(up ? entries : entries.reversed());
        all.removeIf(entry -> number(entry) >= before || number(entry) <= after);
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode messages = answer.putArray("messages");
        all.stream().limit(limit).forEach(messages::add);
        answer.put("hasMore", all.size() > limit);
        if (!messages.isEmpty()) {
            answer.put("nextCursor", "seq_" + number((ObjectNode) messages.get(messages.size() - 1)));
        }
        if (expiredUpTo > 0) {
            answer.putArray("expired").addObject().put("from", 1).put("to", expiredUpTo);
        }
        return answer;
    }

    private List<ObjectNode> seen(Source source) {
        List<ObjectNode> entries = new ArrayList<>(source.timeline());
        entries.removeIf(entry -> number(entry) <= expiredUpTo);
        return view.apply(entries);
    }

    private static long parameter(String query, String name, long otherwise) {
        for (String one : query.split("&", -1)) {
            if (one.startsWith(name + "=")) {
                return Long.parseLong(one.substring(name.length() + 1));
            }
        }
        return otherwise;
    }

    static long number(JsonNode entry) {
        return entry.path("sequenceNumber").asLong();
    }

    /// A view in which one number is missing.
    public static UnaryOperator<List<ObjectNode>> without(long missing) {
        return entries ->
                entries.stream().filter(entry -> number(entry) != missing).toList();
    }
}
