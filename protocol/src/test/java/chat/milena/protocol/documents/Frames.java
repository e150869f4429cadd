package chat.milena.protocol.documents;

import chat.milena.protocol.frame.ClientFrameType;
import chat.milena.protocol.frame.FromClient;
import chat.milena.protocol.frame.FromServer;
import chat.milena.protocol.frame.ServerFrameType;
import chat.milena.protocol.timeline.Entry;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which record stands for which word.
final class Frames {
    private Frames() {}

    static boolean isFrame(Class<?> type) {
        return FromServer.class.isAssignableFrom(type) || FromClient.class.isAssignableFrom(type);
    }

    /// Whether its fields stand beside its `type`.
    static boolean isFlat(Class<?> type) {
        return FromServer.Flat.class.isAssignableFrom(type);
    }

    /// The `type` of a frame.
    static String word(Class<?> type) {
        String constant = constant(type);
        return FromServer.class.isAssignableFrom(type)
                ? ServerFrameType.valueOf(constant).word()
                : ClientFrameType.valueOf(constant).word();
    }

    private static String constant(Class<?> type) {
        if (type == FromServer.Refused.class) {
            return ServerFrameType.ERROR.name();
        }
        if (type == FromServer.SyncAnswer.class) {
            return ServerFrameType.SYNC_RESULT.name();
        }
        return type.getSimpleName().replaceAll("(?<=.)(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
    }

    /// The `kind` of an entry; null for what is none, or has any kind.
    static @Nullable String kind(Class<?> type) {
        return Arrays.stream(Entry.class.getAnnotation(JsonSubTypes.class).value())
                .filter(known -> known.value() == type)
                .map(JsonSubTypes.Type::name)
                .findFirst()
                .orElse(null);
    }
}
