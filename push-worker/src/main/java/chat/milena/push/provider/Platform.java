package chat.milena.push.provider;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How a device is reached.
public enum Platform {
    APNS,
    FCM,
    WEBPUSH;

    private final String word = name().toLowerCase(Locale.ROOT);

    /// The word of the protocol: `apns`, `fcm` or `webpush`.
    public String word() {
        return word;
    }

    /// The platform of this word; empty for other words.
    public static Optional<Platform> of(String word) {
        return Arrays.stream(values())
                .filter(platform -> platform.word.equals(word))
                .findFirst();
    }
}
