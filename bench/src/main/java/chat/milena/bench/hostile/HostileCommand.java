package chat.milena.bench.hostile;

import chat.milena.bench.call.ServerOptions;
import chat.milena.bench.report.JsonFile;
import chat.milena.bench.report.Progress;
import chat.milena.bench.report.ServerProcess;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bench hostile`.
@Command(
        name = "hostile",
        mixinStandardHelpOptions = true,
        description = "Floods by malicious clients, beside pairs. Exit code 1 if the server died, a message was lost or"
                + " duplicated, pairs or new users suffered, or memory and file handles stayed too high. The"
                + " last needs --server-pid, a JVM of this user. Only for a server on this machine.")
public final class HostileCommand implements Callable<Integer> {
    private static final long MIB = 1 << 20;

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "FLOOD",
            description = "Floods by name or kind, such as s1,s3,groups; --list names them. All without it.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--list", description = "List all floods, and do nothing else.")
    private boolean list;

    @Option(
            names = "--short",
            description = "The form for builds: all floods of a kind together, few connections, short times.")
    private boolean isShort;

    @Option(names = "--users", defaultValue = "100", description = "Users of the pairs (${DEFAULT-VALUE}).")
    private int users;

    @Option(names = "--rate", defaultValue = "100", description = "Messages per second of pairs (${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "Connections of the larger floods (5,000, with --short 500).")
    private @Nullable Integer connections;

    @Option(
            names = "--attackers",
            defaultValue = "20",
            description = "Users whose tokens the attackers use (${DEFAULT-VALUE}).")
    private int attackers;

    @Option(
            names = "--per-second",
            defaultValue = "2000",
            description = "Connections opened a second, and writes a second, of each flood (${DEFAULT-VALUE}).")
    private int perSecond;

    @Option(names = "--warmup", paramLabel = "TIME", description = "Unmeasured time at first (20s, with --short 5s).")
    private @Nullable Duration warmup;

    @Option(names = "--duration", paramLabel = "TIME", description = "Time of each flood (15s, with --short 2s).")
    private @Nullable Duration duration;

    @Option(names = "--settle", paramLabel = "TIME", description = "Time after each flood (3s, with --short 1s).")
    private @Nullable Duration settle;

    @Option(
            names = "--recovery",
            defaultValue = "60s",
            paramLabel = "TIME",
            description = "How long memory and handles may take to return to normal (${DEFAULT-VALUE}).")
    private Duration recovery = Duration.ofSeconds(60);

    @Option(
            names = "--ratio-max",
            defaultValue = "2",
            description = "Maximum ratio of the pairs' p99 beside a flood to alone (${DEFAULT-VALUE}).")
    private double ratioMax;

    @Option(
            names = "--ratio-floor",
            defaultValue = "20ms",
            paramLabel = "TIME",
            description = "Minimum of the pairs' p99 alone in that ratio (${DEFAULT-VALUE}).")
    private Duration ratioFloor = Duration.ofMillis(20);

    @Option(
            names = "--failed-max",
            defaultValue = "0.01",
            description = "The part of the pairs' messages that may be refused or late (${DEFAULT-VALUE}).")
    private double failedMax;

    @Option(
            names = "--let-in-min",
            defaultValue = "0.5",
            description = "The part of new users who must be admitted (${DEFAULT-VALUE}).")
    private double letInMin;

    @Option(
            names = "--heap-margin",
            defaultValue = "64",
            paramLabel = "MIB",
            description = "How much more heap than before counts as normal (${DEFAULT-VALUE}).")
    private long heapMargin;

    @Option(
            names = "--resident-margin",
            defaultValue = "256",
            paramLabel = "MIB",
            description = "The same of resident memory (${DEFAULT-VALUE}).")
    private long residentMargin;

    @Option(
            names = "--sockets-margin",
            defaultValue = "20",
            paramLabel = "N",
            description = "The same of sockets (${DEFAULT-VALUE}).")
    private int socketsMargin;

    @Option(
            names = "--handles-margin",
            defaultValue = "200",
            paramLabel = "N",
            description = "The same of all file handles; a log that grows has more files (${DEFAULT-VALUE}).")
    private int handlesMargin;

    @Mixin
    private ServerProcess process = new ServerProcess();

    @Mixin
    private JsonFile json = new JsonFile();

    private final PrintStream out;

    public HostileCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (list) {
            out.println(Floods.names().replace("; ", "\n"));
            return 0;
        }
        Clock clock = Clock.systemUTC();
        HostileSettings settings = settings(clock);
        HostileResult result = HostileLoad.run(settings, clock, Progress.onStandardOutput(out));
        new HostilePrinter(out).print(result, settings.limits());
        json.write(result);
        return result.held() ? 0 : 1;
    }

    HostileSettings settings(Clock clock) {
        Path data = server.data();
        return new HostileSettings(
                server.url(),
                server.tokens(clock, false),
                users,
                rate,
                only,
                isShort,
                connections == null ? (isShort ? 500 : 5000) : connections,
                attackers,
                perSecond,
                orUsually(warmup, 5, 20),
                orUsually(duration, 2, 15),
                orUsually(settle, 1, 3),
                recovery,
                new HostileLimits(
                        ratioMax,
                        ratioFloor,
                        failedMax,
                        letInMin,
                        heapMargin * MIB,
                        residentMargin * MIB,
                        socketsMargin,
                        handlesMargin),
                process.pid(),
                Files.isDirectory(data) ? data : null);
    }

    private Duration orUsually(@Nullable Duration given, int shortSeconds, int seconds) {
        return given == null ? Duration.ofSeconds(isShort ? shortSeconds : seconds) : given;
    }
}
