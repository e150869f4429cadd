package chat.milena.protocol.frame;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/// How present somebody is, over all of their devices.
public enum PresenceStatus {
    /// On at least one device.
    ONLINE("online"),

    /// Connected, and not there on any device.
    AWAY("away"),

    /// Not connected.
    OFFLINE("offline");

    private final String word;

    PresenceStatus(String word) {
        this.word = word;
    }

    /// The word as it stands in frames.
    @JsonValue
    public String word() {
        return word;
    }

    /// The status that this word stands for; empty for another word.
    public static Optional<PresenceStatus> parse(String word) {
        return Arrays.stream(values())
                .filter(status -> status.word.equals(word))
                .findFirst();
    }
}
