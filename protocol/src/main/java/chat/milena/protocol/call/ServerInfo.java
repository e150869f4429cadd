package chat.milena.protocol.call;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The version, limits and features of a server: `GET /api/v1/server`.
///
/// @param name `milena`
/// @param featureLevel the features of this installation; docs/protocol.md lists the levels
/// @param heartbeatInterval interval of heartbeats on a socket, in milliseconds
/// @param limits the value of each [ServerLimit] by its name; times in milliseconds; a rate of 0 is no limit
/// @param push what devices can be registered with
/// @param contentTypes the values of `content.type` that the server accepts
public record ServerInfo(
        String name,
        String version,
        int featureLevel,
        long heartbeatInterval,
        Map<String, Long> limits,
        List<String> contentTypes,
        Features features,
        PushOffer push) {
    /// The level of this version. Each addition to the protocol raises it; docs/protocol.md lists the levels.
    public static final int FEATURE_LEVEL = 19;

    /// The level from which on there are moderators with a queue.
    public static final int MODERATION_LEVEL = 18;

    /// The level of messages that are held for a moderator.
    public static final int HELD_MESSAGES_LEVEL = 19;

    /// The optional features of an installation.
    ///
    /// @param moderation whether users may report, and moderators decide
    /// @param webSignIn whether the chat page can sign users in
    public record Features(boolean push, boolean search, boolean media, boolean moderation, boolean webSignIn) {}

    /// What devices can be registered with.
    ///
    /// @param platforms of `apns`, `fcm` and `webpush`, those that are set up
    /// @param webpush left out if it is not set up
    public record PushOffer(
            List<String> platforms, @Nullable WebPushOffer webpush) {}

    /// What browsers subscribe with.
    ///
    /// @param publicKey 65 bytes in base64url
    public record WebPushOffer(String publicKey) {}
}
