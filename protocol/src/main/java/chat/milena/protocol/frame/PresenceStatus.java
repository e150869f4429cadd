package chat.milena.protocol.frame;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/// The presence of a user over all devices.
public enum PresenceStatus {
    /// Active on at least one device.
    ONLINE("online"),

    /// Connected, and not active on any device.
    AWAY("away"),

    /// Not connected.
    OFFLINE("offline");

    private final String word;

    PresenceStatus(String word) {
        this.word = word;
    }

    /// The word in frames.
    @JsonValue
    public String word() {
        return word;
    }

    /// The status of this word; empty for another word.
    public static Optional<PresenceStatus> parse(String word) {
        return Arrays.stream(values())
                .filter(status -> status.word.equals(word))
                .findFirst();
    }
}
