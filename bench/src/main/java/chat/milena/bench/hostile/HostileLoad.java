package chat.milena.bench.hostile;

import chat.milena.bench.call.RestClient;
import chat.milena.bench.check.CheckReport;
import chat.milena.bench.client.SourceAddresses;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.load.LoadSettings;
import chat.milena.bench.load.Shape;
import chat.milena.bench.load.SteadyPairs;
import chat.milena.bench.load.StepResult;
import chat.milena.bench.report.Progress;
import chat.milena.bench.report.ServerVitals;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Floods beside pairs: pairs alone, each round of floods with the pairs beside it, pairs alone again, and then a
/// wait until the server holds no more than before.
///
/// It ends when the server has died. Pairs and attackers are users of one tenant with ordinary tokens; attackers
/// have addresses of their own.
public final class HostileLoad {
    private static final int ATTACKERS_NET = 2;
    private static final int PAYLOAD_BYTES = 100;
    /// Below the rate of new connections that a server admits.
    private static final int PAIRS_PER_SECOND = 50;
    private static final int OWN_HANDLES = 300;
    private static final int CONNECTIONS_MOST = 30_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(5);
    private static final Duration TAIL = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private final HostileSettings settings;
    private final Progress progress;
    private final SteadyPairs pairs;
    private final Arena arena;
    private final SourceAddresses sources;
    private final int connectionsMax;

    private HostileLoad(HostileSettings settings, SteadyPairs pairs, Arena arena, Progress progress) {
        this.settings = settings;
        this.pairs = pairs;
        this.arena = arena;
        this.progress = progress;
        this.sources = new SourceAddresses(settings.server().getHost(), ATTACKERS_NET);
        this.connectionsMax = connectionsMax();
    }

    /// Runs all rounds.
    public static HostileResult run(HostileSettings settings, Clock clock, Progress progress)
            throws InterruptedException {
        RestClient.requireServer(settings.server(), PATIENCE);
        LoadSettings load = new LoadSettings(
                settings.server(),
                settings.tokens(),
                settings.warmup(),
                settings.settle(),
                settings.duration(),
                TAIL,
                settings.duration(),
                PAYLOAD_BYTES,
                PAIRS_PER_SECOND,
                1,
                settings.serverPid());
        Shape.Pairs shape = new Shape.Pairs(settings.users());
        try (RestClient rest = new RestClient(settings.server(), settings.tokens(), PATIENCE);
                SteadyPairs pairs = SteadyPairs.gather(shape, settings.rate(), load, rest, clock, progress)) {
            Arena arena = new Arena(settings.server(), rest, settings.tokens(), settings.attackers());
            HostileResult result = new HostileLoad(settings, pairs, arena, progress).run();
            progress.end();
            return result;
        }
    }

    private HostileResult run() throws InterruptedException {
        StepResult alone = pairs.step(settings.warmup(), settings.duration(), () -> false);
        ServerVitals before = vitals();
        long dataBefore = dataBytes();
        List<HostileResult.Round> rounds = new ArrayList<>();
        boolean lives = true;
        for (List<Flood> round : Floods.rounds(Floods.chosen(settings.only()), settings.byKind())) {
            if (lives) {
                rounds.add(run(round));
                lives = rounds.getLast().serverLives();
            }
        }
        progress.print("no more floods");
        StepResult after = lives ? pairs.step(settings.settle(), settings.duration(), () -> false) : null;
        long startNanos = System.nanoTime();
        ServerVitals recovered = lives && before != null ? awaitRecovery(before) : null;
        double recoverySeconds = (System.nanoTime() - startNanos) / 1e9;
        CheckReport check = pairs.check();
        List<String> faults = faults(alone, rounds, check, before, recovered);
        return new HostileResult(
                alone,
                rounds,
                after,
                check,
                pairs.unanswered(),
                pairs.notices(),
                before,
                recovered,
                recoverySeconds,
                dataBefore < 0 ? -1 : dataBytes() - dataBefore,
                faults);
    }

    private List<String> faults(
            StepResult alone,
            List<HostileResult.Round> rounds,
            CheckReport check,
            @Nullable ServerVitals before,
            @Nullable ServerVitals recovered) {
        List<String> faults = new ArrayList<>();
        rounds.forEach(round -> faults.addAll(settings.limits().faults(round, alone)));
        faults.addAll(HostileLimits.faults(check, pairs.unanswered()));
        if (before != null && recovered != null) {
            String notBack = settings.limits().notBack(before, recovered);
            if (notBack != null) {
                faults.add("not back to normal after " + settings.recovery().toSeconds() + " s: " + notBack);
            }
        }
        return faults;
    }

    private HostileResult.Round run(List<Flood> floods) throws InterruptedException {
        String name = floods.size() == 1
                ? floods.getFirst().name()
                : floods.getFirst().kind().id();
        progress.print("flood: " + name);
        List<Wave> waves = new ArrayList<>();
        for (Flood flood : floods) {
            int wanted = flood.size().connections(settings.connections(), connectionsMax) / floods.size();
            waves.add(new Wave(flood.name(), flood.staging().script(arena), Math.max(1, wanted)));
        }
        long dataBefore = dataBytes();
        Swarm swarm = new Swarm(settings.server(), waves, sources, connectionsMax, settings.perSecond());
        Bystander bystander = new Bystander(settings.server(), settings.tokens(), settings.serverPid());
        swarm.start();
        bystander.start();
        StepResult during;
        List<HostileResult.Attack> attacks;
        HostileResult.Seen seen;
        try {
            during = pairs.step(Duration.ZERO, settings.duration(), bystander::serverDied);
        } finally {
            attacks = swarm.stop(PATIENCE);
            seen = bystander.stop();
        }
        // Not measured: the server clears up after the flood, or still fails because of it.
        pairs.step(Duration.ZERO, settings.settle(), () -> false);
        return new HostileResult.Round(
                name, attacks, during, seen, dataBefore < 0 ? -1 : dataBytes() - dataBefore, lives());
    }

    /// Whether the server's process runs, if one is named, and the server answers within [#PATIENCE].
    private boolean lives() throws InterruptedException {
        Long pid = settings.serverPid();
        long giveUpNanos = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - giveUpNanos < 0) {
            if (pid != null
                    && !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
                return false;
            }
            try {
                RestClient.requireServer(settings.server(), ANSWER_PATIENCE);
                return true;
            } catch (UsageFailure e) {
                TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
            }
        }
        return false;
    }

    private @Nullable ServerVitals vitals() throws InterruptedException {
        Long pid = settings.serverPid();
        return pid == null ? null : ServerVitals.read(pid);
    }

    private @Nullable ServerVitals awaitRecovery(ServerVitals before) throws InterruptedException {
        long giveUpNanos = System.nanoTime() + settings.recovery().toNanos();
        ServerVitals now = vitals();
        while (now != null && settings.limits().notBack(before, now) != null && System.nanoTime() - giveUpNanos < 0) {
            progress.print("waiting for memory and handles to return to normal: "
                    + settings.limits().notBack(before, now));
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
            now = vitals();
        }
        return now;
    }

    /// Bytes of all files in the data folder; -1 if it is not watched.
    private long dataBytes() {
        Path data = settings.data();
        if (data == null) {
            return -1;
        }
        try (Stream<Path> files = Files.walk(data)) {
            return files.collect(Collectors.summingLong(HostileLoad::bytesOf));
        } catch (IOException | UncheckedIOException e) {
            // A file was removed during the walk.
            return -1;
        }
    }

    private static long bytesOf(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /// The connections that this process can hold beside its own.
    private static int connectionsMax() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - OWN_HANDLES;
            return Math.clamp(free, 1, CONNECTIONS_MOST);
        }
        return CONNECTIONS_MOST;
    }
}
