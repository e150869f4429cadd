package chat.milena.bench.faults;

import chat.milena.bench.client.TokenSource;
import chat.milena.bench.replay.Pace;
import chat.milena.bench.replay.ReplayOptions;
import chat.milena.bench.replay.Transcript;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// The talk beside a fault: one large group, and groups of four, all at the same pace for each person. Pure but for the
/// names, which are of this run alone.
final class FaultLoad {
    private static final double CHANGED = 0.2;
    private static final Duration GIVE_UP_AFTER = Duration.ofMinutes(2);
    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final int WINDOW = 256;
    /// A message of a large group has more recipients than all of a small one has in a second.
    private static final double LARGE_SHARE = 0.02;

    private FaultLoad() {}

    /// @param talk how long it talks
    static ReplayOptions of(URI server, TokenSource tokens, FaultSettings settings, Duration talk, long seed) {
        List<Transcript> transcripts = transcripts(settings, (int) (settings.rate() * talk.toMillis() / 1000));
        return new ReplayOptions(
                server,
                tokens,
                transcripts,
                new ReplayOptions.Sending(new Pace.Rate(settings.rate()), WINDOW, 200, 1, true),
                GIVE_UP_AFTER,
                QUIET,
                new ReplayOptions.Checks(
                        null, true, null, null, new ReplayOptions.Mutating(CHANGED, seed), settings.large()));
    }

    private static List<Transcript> transcripts(FaultSettings settings, int lines) {
        String run = UUID.randomUUID().toString().substring(0, 8);
        int groups = (settings.users() - settings.large()) / FaultSettings.GROUP;
        int large = Math.max(settings.large(), (int) (lines * LARGE_SHARE));
        List<Transcript> transcripts = new ArrayList<>();
        transcripts.add(transcript("large-" + run, settings.large(), large));
        for (int i = 0; i < groups; i++) {
            transcripts.add(transcript(
                    "group-" + run + "-" + i,
                    FaultSettings.GROUP,
                    Math.max(FaultSettings.GROUP, (lines - large) / groups)));
        }
        return transcripts;
    }

    private static Transcript transcript(String name, int people, int count) {
        List<Transcript.Line> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(new Transcript.Line(Instant.EPOCH.plusSeconds(i), name + "-" + i % people, "line " + i));
        }
        return new Transcript(name, lines);
    }
}
