package chat.milena.bench.answer;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalInt;

/// The bodies of read calls, reduced to the fields that are checked.
public final class ReadBodies {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final ObjectReader PAGE = JSON.readerFor(Page.class);
    private static final ObjectReader SYNC = JSON.readerFor(SyncAnswer.class);

    private ReadBodies() {}

    public static Page page(byte[] body) throws IOException {
        return read(PAGE, Page.class, body);
    }

    public static SyncAnswer syncAnswer(byte[] body) throws IOException {
        return read(SYNC, SyncAnswer.class, body);
    }

    static String sync(Map<String, Long> lastSequences, OptionalInt limit) {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode conversations = body.putArray("conversations");
        lastSequences.forEach((conversationId, lastSequence) ->
                conversations.addObject().put("conversationId", conversationId).put("lastSequence", lastSequence));
        limit.ifPresent(entries -> body.put("limit", entries));
        return body.toString();
    }

    private static <T> T read(ObjectReader reader, Class<T> type, byte[] body) throws IOException {
        T value = reader.readValue(body, type);
        if (value == null) {
            throw new IOException("null in place of an object");
        }
        return value;
    }
}
