package chat.milena.bench.frame;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the timeline entries of `messages.offline`. The frame names their conversation; they do not.
final class OfflineReader {
    private OfflineReader() {}

    /// Reads `messages`, from the beginning of the array, where the parser is, up to its end.
    static List<ServerFrame.Entry> entries(JsonParser parser, boolean wantsText) throws IOException {
        List<ServerFrame.Entry> entries = new ArrayList<>();
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            entries.add(entry(parser, wantsText));
        }
        return entries;
    }

    private static ServerFrame.Entry entry(JsonParser parser, boolean wantsText) throws IOException {
        String kind = "";
        String messageId = null;
        String senderId = null;
        String text = null;
        String threadOf = null;
        long ordinal = 0;
        long target = 0;
        long revision = 0;
        long number = 0;
        long timestamp = 0;
        String field;
        while ((field = parser.nextFieldName()) != null) {
            parser.nextToken();
            switch (field) {
                case "kind" -> kind = parser.getText();
                case "messageId" -> messageId = parser.getValueAsString();
                case "senderId" -> senderId = parser.getValueAsString();
                case "sequenceNumber" -> number = parser.getValueAsLong();
                case "timestamp" -> timestamp = parser.getValueAsLong();
                case "threadOf" -> threadOf = parser.getValueAsString();
                case "threadOrdinal" -> ordinal = parser.getValueAsLong();
                case "targetSequence" -> target = parser.getValueAsLong();
                case "revision" -> revision = parser.getValueAsLong();
                case "hidden" -> kind = ServerFrame.TimelineChange.HIDDEN;
                case "content" -> text = text(parser, wantsText);
                default -> parser.skipChildren();
            }
        }
        About about = threadOf == null ? null : new About(threadOf, true, ordinal);
        ServerFrame.Effect effect = target == 0 ? null : new ServerFrame.Effect(target, revision);
        return new ServerFrame.Entry(kind, number, timestamp, messageId, senderId, text, about, effect);
    }

    private static @Nullable String text(JsonParser parser, boolean wanted) throws IOException {
        if (!wanted || parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return null;
        }
        String text = null;
        String field;
        while ((field = parser.nextFieldName()) != null) {
            if (parser.nextToken() == JsonToken.VALUE_STRING && field.equals("text")) {
                text = parser.getText();
            } else {
                parser.skipChildren();
            }
        }
        return text;
    }

    /// Reads `expired`, ranges of numbers, up to its end.
    static List<ServerFrame.Expired> expired(JsonParser parser) throws IOException {
        List<ServerFrame.Expired> ranges = new ArrayList<>();
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            long from = 0;
            long to = -1;
            String field;
            while ((field = parser.nextFieldName()) != null) {
                parser.nextToken();
                switch (field) {
                    case "from" -> from = parser.getValueAsLong();
                    case "to" -> to = parser.getValueAsLong();
                    default -> parser.skipChildren();
                }
            }
            ranges.add(new ServerFrame.Expired(from, to));
        }
        return ranges;
    }
}
