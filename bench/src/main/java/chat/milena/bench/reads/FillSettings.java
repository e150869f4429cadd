package chat.milena.bench.reads;

import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The settings of a fill.
///
/// @param messages the final number of messages in the conversation
/// @param name of the group that is created
/// @param conversationId of an earlier fill to continue; null to create a group
/// @param connections of the one user who sends
/// @param window unacked sends of each connection
/// @param giveUpAfter how long the server may be away or refuse
public record FillSettings(
        URI server,
        TokenSource tokens,
        long messages,
        String name,
        @Nullable String conversationId,
        int connections,
        int window,
        int payloadBytes,
        Duration giveUpAfter) {

    public FillSettings {
        if (messages < 1 || messages > 1_000_000_000) {
            throw new UsageFailure("--messages must be 1 to 1,000,000,000");
        }
        if (connections < 1 || connections > 64 || window < 1 || window > 4096) {
            throw new UsageFailure("--connections must be 1 to 64 and --window 1 to 4096");
        }
        if (payloadBytes < 1 || payloadBytes > 4000) {
            throw new UsageFailure("--payload-bytes must be 1 to 4000");
        }
    }
}
