package chat.milena.protocol.frame;

import chat.milena.protocol.json.Fields;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Reads a receipt: `upToSequence`, or `messageIds`, or both. Pure; the result is meaningless if the fields have a
/// rejection afterwards.
public final class ReceiptReader {
    private static final String MESSAGES = "messageIds";
    private static final int MESSAGES_MAX = 100;
    private static final String THREAD = "threadOf";
    private static final String ORDINAL = "upToOrdinal";

    private ReceiptReader() {}

    /// The receipt in these fields.
    public static MarkReceipt read(Fields fields) {
        Long upToSequence = fields.optionalInteger("upToSequence");
        if (upToSequence != null && upToSequence < 0) {
            fields.refuse("upToSequence", "must not be negative");
        }
        List<String> messageIds = fields.has(MESSAGES) ? messageIds(fields) : List.of();
        if (upToSequence == null && messageIds.isEmpty()) {
            fields.refuse("upToSequence", "is required, unless messageIds names messages");
        }
        return new MarkReceipt(upToSequence, messageIds, null, null, null);
    }

    /// The read mark in these fields, which may be of a thread.
    public static MarkReceipt readMark(Fields fields) {
        if (!fields.has(THREAD)) {
            return read(fields);
        }
        Long upToOrdinal = fields.optionalInteger(ORDINAL);
        if (upToOrdinal == null || upToOrdinal < 0) {
            fields.refuse(ORDINAL, "is required with threadOf, and must not be negative");
        }
        for (String other : List.of("upToSequence", MESSAGES)) {
            if (fields.has(other)) {
                fields.refuse(other, "must not be given together with threadOf");
            }
        }
        return new MarkReceipt(null, List.of(), fields.messageId(THREAD), upToOrdinal, null);
    }

    private static List<String> messageIds(Fields fields) {
        JsonNode array = fields.array(MESSAGES);
        if (array.size() > MESSAGES_MAX) {
            fields.refuse(ErrorCode.TOO_LARGE, MESSAGES, "must be at most " + MESSAGES_MAX);
            return List.of();
        }
        Set<String> messageIds = new LinkedHashSet<>();
        for (int i = 0; i < array.size(); i++) {
            JsonNode id = array.get(i);
            if (!id.isTextual() || !Ids.isValidMessageId(id.textValue())) {
                fields.refuse(MESSAGES + "[" + i + "]", "must be the id of a message");
                return List.of();
            }
            messageIds.add(id.textValue());
        }
        return List.copyOf(messageIds);
    }
}
