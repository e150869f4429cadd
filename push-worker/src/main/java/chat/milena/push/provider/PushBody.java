package chat.milena.push.provider;

import chat.milena.push.provider.Notification.Alert;
import chat.milena.push.provider.Notification.Message;
import chat.milena.push.provider.Notification.Preview;
import chat.milena.push.provider.Notification.Subject;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// What the bodies of all providers have in common: the object `milena`, and texts that are cut until they fit.
final class PushBody {
    /// Four bytes for a character outside of the basic plane, in place of an escape of twelve.
    static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                    .build())
            .build();

    private static final int VERSION = 1;
    /// Longer names than people have.
    private static final int NAME_MAX = 200;
    /// No provider takes more bytes than this in all.
    private static final int TEXT_MAX = 4_096;

    private static final String CUT = "…";

    private PushBody() {}

    /// The object `milena`, from which a client opens the conversation.
    static ObjectNode milena(Message message) {
        Subject subject = message.subject();
        Preview preview = message.preview();
        ObjectNode milena = JSON.createObjectNode()
                .put("v", VERSION)
                .put("userId", message.userId())
                .put("conversationId", subject.conversationId())
                .put("conversationType", subject.conversationType())
                .put("messageId", subject.messageId())
                .put("sequenceNumber", subject.sequenceNumber())
                .put("timestamp", subject.timestamp())
                .put("count", message.count())
                .put("unread", message.unread())
                .put("collapseKey", message.handling().collapseKey());
        put(milena, "threadOf", subject.threadOf());
        put(milena, "senderId", preview.senderId());
        put(milena, "senderName", preview.senderName());
        put(milena, "conversationName", preview.conversationName());
        put(milena, "text", preview.text());
        return milena;
    }

    static void put(ObjectNode object, String field, @Nullable String value) {
        if (value != null) {
            object.put(field, value);
        }
    }

    /// The body with as much of its text as fits: the text is cut first, and then names and title.
    ///
    /// @param body writes a message, or the part of it that counts
    /// @return the message to write; null if it is too long even without texts
    static @Nullable Message fitting(Message message, int bytesMax, Function<Message, ObjectNode> body) {
        IntFunction<Message> byText = most -> cut(message, most, NAME_MAX);
        int text = longest(byText, TEXT_MAX, bytesMax, body);
        if (text >= 0) {
            return byText.apply(text);
        }
        IntFunction<Message> byNames = most -> cut(message, 0, most);
        int names = longest(byNames, NAME_MAX, bytesMax, body);
        return names >= 0 ? byNames.apply(names) : null;
    }

    /// The largest number up to `most` whose body fits; -1 if none does.
    private static int longest(IntFunction<Message> cut, int most, int bytesMax, Function<Message, ObjectNode> body) {
        int fits = -1;
        int beyond = most + 1;
        int next = most;
        while (beyond - fits > 1) {
            if (bytes(body.apply(cut.apply(next))).length <= bytesMax) {
                fits = next;
            } else {
                beyond = next;
            }
            next = fits + (beyond - fits) / 2;
        }
        return fits;
    }

    private static Message cut(Message message, int textMax, int nameMax) {
        Preview preview = message.preview();
        Alert alert = message.alert();
        return new Message(
                message.userId(),
                message.subject(),
                new Preview(
                        preview.senderId(),
                        cut(preview.senderName(), nameMax),
                        cut(preview.conversationName(), nameMax),
                        cut(preview.text(), textMax)),
                new Alert(
                        shortened(alert.title(), nameMax),
                        shortened(alert.body(), textMax),
                        alert.locale(),
                        alert.navigate()),
                message.count(),
                message.unread(),
                message.handling());
    }

    private static @Nullable String cut(@Nullable String text, int most) {
        return text == null ? null : shortened(text, most);
    }

    /// Between code points, so that none is torn.
    private static String shortened(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most)) + CUT;
    }

    static byte[] bytes(ObjectNode body) {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree can be written", e);
        }
    }
}
