package chat.milena.protocol.call;

import java.util.List;
import java.util.Map;

/// What a server is and allows, for anybody: `GET /api/v1/server`.
///
/// @param name `milena`
/// @param featureLevel what this version serves; the list of levels is in docs/protocol.md
/// @param heartbeatInterval how often clients of a socket say something, in milliseconds
/// @param limits each limit by the name that docs/protocol.md gives it; times in milliseconds, 0 of a rate is no limit
/// @param contentTypes what `content.type` of a message may be
public record ServerInfo(
        String name,
        String version,
        int featureLevel,
        long heartbeatInterval,
        Map<String, Long> limits,
        List<String> contentTypes,
        Features features) {
    /// What this version serves: each addition to the protocol raises it, and docs/protocol.md lists the levels.
    public static final int FEATURE_LEVEL = 4;

    /// What an installation has set up.
    ///
    /// @param webSignIn whether the chat page has a way to sign in
    public record Features(boolean push, boolean search, boolean media, boolean moderation, boolean webSignIn) {}
}
