package chat.milena.bench.replay;

import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The settings of a replay.
///
/// @param window lines of one file that may be unacked at a time
/// @param giveUpAfter how long a person may be without connection before the replay stops
/// @param tailQuiet how long no message may arrive before missing ones count as lost
/// @param acks the file for acked messages, one JSON line each; null for none
/// @param verifyByResend whether every acked message is sent once more afterwards and must give the same ack
/// @param churning the people who leave and join during the replay; null for nobody
/// @param reading the reads after every ack; null for none
public record ReplayOptions(
        URI server,
        TokenSource tokens,
        List<Transcript> transcripts,
        Pace pace,
        int window,
        int connectsPerSecond,
        int eventLoopThreads,
        boolean reconnect,
        Duration giveUpAfter,
        Duration tailQuiet,
        @Nullable Path acks,
        boolean verifyByResend,
        @Nullable Churning churning,
        @Nullable Reading reading,
        @Nullable Mutating mutating) {

    public ReplayOptions {
        transcripts = List.copyOf(transcripts);
        if (transcripts.isEmpty()) {
            throw new UsageFailure("name at least one transcript");
        }
        if (window < 1 || connectsPerSecond < 1 || eventLoopThreads < 1) {
            throw new UsageFailure("--window, --connect-rate and --threads must be at least 1");
        }
        if (churning != null && mutating != null) {
            throw new UsageFailure("give only one of --churn and --mutate");
        }
    }

    /// People who leave and join at random moments.
    ///
    /// @param fraction of the people of each group, above 0 and up to 1; the creator of the group always stays
    /// @param seed of all random choices
    public record Churning(double fraction, long seed) {
        public Churning {
            if (!(fraction > 0 && fraction <= 1)) {
                throw new UsageFailure("--churn must be above 0 and at most 1");
            }
        }
    }

    /// Changes that follow lines.
    ///
    /// @param fraction of the lines, above 0 and up to 1
    /// @param seed of all that is random about it
    public record Mutating(double fraction, long seed) {
        public Mutating {
            if (!(fraction > 0 && fraction <= 1)) {
                throw new UsageFailure("--mutate must be above 0 and at most 1");
            }
        }
    }

    /// Reads after every ack.
    ///
    /// @param origins the instances that answer reads, asked in turn
    /// @param acksAtOnce lines, of all files, that may be unacked or unread at a time
    public record Reading(List<URI> origins, int acksAtOnce) {
        public Reading {
            origins = List.copyOf(origins);
            if (origins.isEmpty() || acksAtOnce < 1 || acksAtOnce > 4096) {
                throw new UsageFailure("--readers must be 1 to 4096, and reads need an address");
            }
        }
    }

    /// Full speed, 64 unacked lines a file, reconnecting for a minute.
    public static ReplayOptions of(URI server, TokenSource tokens, List<Transcript> transcripts) {
        Duration minute = Duration.ofSeconds(60);
        return new ReplayOptions(
                server,
                tokens,
                transcripts,
                new Pace.FullSpeed(),
                64,
                500,
                1,
                true,
                minute,
                Duration.ofSeconds(5),
                null,
                false,
                null,
                null,
                null);
    }

    public ReplayOptions withPace(Pace other) {
        return new ReplayOptions(
                server,
                tokens,
                transcripts,
                other,
                window,
                connectsPerSecond,
                eventLoopThreads,
                reconnect,
                giveUpAfter,
                tailQuiet,
                acks,
                verifyByResend,
                churning,
                reading,
                mutating);
    }

    public ReplayOptions withGiveUpAfter(Duration time) {
        return new ReplayOptions(
                server,
                tokens,
                transcripts,
                pace,
                window,
                connectsPerSecond,
                eventLoopThreads,
                reconnect,
                time,
                tailQuiet,
                acks,
                verifyByResend,
                churning,
                reading,
                mutating);
    }

    public ReplayOptions withAcks(Path file) {
        return new ReplayOptions(
                server,
                tokens,
                transcripts,
                pace,
                window,
                connectsPerSecond,
                eventLoopThreads,
                reconnect,
                giveUpAfter,
                tailQuiet,
                file,
                verifyByResend,
                churning,
                reading,
                mutating);
    }

    public ReplayOptions verifyingByResend() {
        return new ReplayOptions(
                server,
                tokens,
                transcripts,
                pace,
                window,
                connectsPerSecond,
                eventLoopThreads,
                reconnect,
                giveUpAfter,
                tailQuiet,
                acks,
                true,
                churning,
                reading,
                mutating);
    }

    public ReplayOptions withChurn(Churning other) {
        return new ReplayOptions(
                server,
                tokens,
                transcripts,
                pace,
                window,
                connectsPerSecond,
                eventLoopThreads,
                reconnect,
                giveUpAfter,
                tailQuiet,
                acks,
                verifyByResend,
                other,
                reading,
                mutating);
    }

    public ReplayOptions withReading(Reading other) {
        return new ReplayOptions(
                server,
                tokens,
                transcripts,
                pace,
                window,
                connectsPerSecond,
                eventLoopThreads,
                reconnect,
                giveUpAfter,
                tailQuiet,
                acks,
                verifyByResend,
                churning,
                other,
                mutating);
    }

    public ReplayOptions withMutations(Mutating other) {
        return new ReplayOptions(
                server,
                tokens,
                transcripts,
                pace,
                window,
                connectsPerSecond,
                eventLoopThreads,
                reconnect,
                giveUpAfter,
                tailQuiet,
                acks,
                verifyByResend,
                churning,
                reading,
                other);
    }
}
