package chat.milena.push.pending;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A device that push reaches.
///
/// @param platform the word of the protocol
/// @param since when its registration began: earlier messages are not for it
/// @param readAt when an intent of kind read was last made for it
public record Target(
        String deviceId,
        String platform,
        Instant since,
        @Nullable Instant readAt) {

    /// The same, with an intent of kind read made now.
    public Target withReadAt(Instant now) {
        return new Target(deviceId, platform, since, now);
    }
}
