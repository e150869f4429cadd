package chat.milena.protocol.frame;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The frames of clients that this version serves.
public enum ClientFrameType {
    MESSAGE_SEND("message.send"),
    MESSAGE_EDIT("message.edit"),
    MESSAGE_DELETE("message.delete"),
    MESSAGE_REACT("message.react"),
    MESSAGE_PIN("message.pin"),
    MESSAGE_DELIVERED("message.delivered"),
    MESSAGE_READ("message.read"),
    SYNC("sync"),
    HEARTBEAT("heartbeat"),
    TOKEN_REFRESH("token.refresh"),
    TYPING_START("typing.start"),
    TYPING_STOP("typing.stop"),
    PRESENCE_SUBSCRIBE("presence.subscribe"),
    PRESENCE_UNSUBSCRIBE("presence.unsubscribe"),
    PRESENCE_SET("presence.set");

    private static final Map<String, ClientFrameType> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ClientFrameType::word, Function.identity()));

    private final String word;

    ClientFrameType(String word) {
        this.word = word;
    }

    /// The value of the frame's `type`.
    public String word() {
        return word;
    }

    /// The type of this word; null if this version serves no such frame.
    public static @Nullable ClientFrameType parse(String word) {
        return BY_WORD.get(word);
    }
}
