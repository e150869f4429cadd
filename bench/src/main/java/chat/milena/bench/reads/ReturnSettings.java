package chat.milena.bench.reads;

import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/// How much a returning client missed, and how it syncs.
///
/// @param origins the instances that answer reads, asked in turn
/// @param missed messages sent while it is away
/// @param times the number of returns
/// @param limit entries of one answer; absent for the server's own
/// @param window unacked sends while it is away
/// @param patience how long a send or a read may be refused or unanswered
public record ReturnSettings(
        URI server,
        List<URI> origins,
        TokenSource tokens,
        int missed,
        int times,
        OptionalInt limit,
        int window,
        int payloadBytes,
        Duration patience) {

    public ReturnSettings {
        origins = List.copyOf(origins);
        if (missed < 1 || missed > 100_000 || times < 1 || times > 10_000) {
            throw new UsageFailure("--missed must be 1 to 100,000 and --times 1 to 10,000");
        }
        if (limit.isPresent() && limit.getAsInt() < 1) {
            throw new UsageFailure("--limit must be at least 1");
        }
        if (window < 1 || window > 4096 || payloadBytes < 1 || payloadBytes > 4000) {
            throw new UsageFailure("--window must be 1 to 4096 and --payload-bytes 1 to 4000");
        }
    }
}
