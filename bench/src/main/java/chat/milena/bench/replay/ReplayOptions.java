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
/// @param giveUpAfter how long a person may be without connection before the replay stops
/// @param tailQuiet how long no message may arrive before missing ones count as lost
public record ReplayOptions(
        URI server,
        TokenSource tokens,
        List<Transcript> transcripts,
        Sending sending,
        Duration giveUpAfter,
        Duration tailQuiet,
        Checks checks) {

    public ReplayOptions {
        transcripts = List.copyOf(transcripts);
        if (transcripts.isEmpty()) {
            throw new UsageFailure("name at least one transcript");
        }
    }

    /// How lines are sent.
    ///
    /// @param window lines of one file that may be unacked at a time
    public record Sending(Pace pace, int window, int connectsPerSecond, int eventLoopThreads, boolean reconnect) {
        public Sending {
            if (window < 1 || connectsPerSecond < 1 || eventLoopThreads < 1) {
                throw new UsageFailure("--window, --connect-rate and --threads must be at least 1");
            }
        }
    }

    /// What happens beside the lines, and how it is checked.
    ///
    /// @param acks the file for acked messages, one JSON line each; null for none
    /// @param verifyByResend whether every acked message is sent once more afterwards and must give the same ack
    /// @param churning the people who leave and join during the replay; null for nobody
    /// @param reading the reads after every ack; null for none
    /// @param mutating the changes that follow lines; null for none
    /// @param largeFrom people from which on the server takes a group for large
    public record Checks(
            @Nullable Path acks,
            boolean verifyByResend,
            @Nullable Churning churning,
            @Nullable Reading reading,
            @Nullable Mutating mutating,
            int largeFrom) {
        /// The server's own default.
        public static final int LARGE_FROM = 100;

        public Checks {
            if (churning != null && mutating != null) {
                throw new UsageFailure("give only one of --churn and --mutate");
            }
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
        return new ReplayOptions(
                server,
                tokens,
                transcripts,
                new Sending(new Pace.FullSpeed(), 64, 500, 1, true),
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                new Checks(null, false, null, null, null, Checks.LARGE_FROM));
    }

    public ReplayOptions withPace(Pace pace) {
        Sending other = new Sending(
                pace, sending.window, sending.connectsPerSecond, sending.eventLoopThreads, sending.reconnect);
        return new ReplayOptions(server, tokens, transcripts, other, giveUpAfter, tailQuiet, checks);
    }

    public ReplayOptions withGiveUpAfter(Duration time) {
        return new ReplayOptions(server, tokens, transcripts, sending, time, tailQuiet, checks);
    }

    public ReplayOptions withAcks(Path file) {
        return with(new Checks(
                file, checks.verifyByResend, checks.churning, checks.reading, checks.mutating, checks.largeFrom));
    }

    public ReplayOptions verifyingByResend() {
        return with(new Checks(checks.acks, true, checks.churning, checks.reading, checks.mutating, checks.largeFrom));
    }

    public ReplayOptions withChurn(Churning other) {
        return with(new Checks(
                checks.acks, checks.verifyByResend, other, checks.reading, checks.mutating, checks.largeFrom));
    }

    public ReplayOptions withReading(Reading other) {
        return with(new Checks(
                checks.acks, checks.verifyByResend, checks.churning, other, checks.mutating, checks.largeFrom));
    }

    public ReplayOptions withMutations(Mutating other) {
        return with(new Checks(
                checks.acks, checks.verifyByResend, checks.churning, checks.reading, other, checks.largeFrom));
    }

    public ReplayOptions withLargeFrom(int people) {
        return with(new Checks(
                checks.acks, checks.verifyByResend, checks.churning, checks.reading, checks.mutating, people));
    }

    private ReplayOptions with(Checks other) {
        return new ReplayOptions(server, tokens, transcripts, sending, giveUpAfter, tailQuiet, other);
    }
}
