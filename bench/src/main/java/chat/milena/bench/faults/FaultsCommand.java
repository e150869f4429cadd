package chat.milena.bench.faults;

import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.cluster.BrokerNetwork;
import chat.milena.bench.cluster.Cluster;
import chat.milena.bench.cluster.ClusterArguments;
import chat.milena.bench.cluster.ClusterSettings;
import chat.milena.bench.cluster.ServerPrograms;
import chat.milena.bench.report.JsonFile;
import chat.milena.bench.report.Progress;
import chat.milena.bench.report.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bench faults`.
@Command(
        name = "faults",
        mixinStandardHelpOptions = true,
        description = "Starts a cluster of its own on this machine (three brokers, a Redis, two of each service), and"
                + " kills, stops, cuts off and restarts its processes under load; exit code 1 if the delivery contract"
                + " was broken.")
public final class FaultsCommand implements Callable<Integer> {
    private static final Duration WARM_UP = Duration.ofSeconds(60);

    @Option(
            names = "--users",
            defaultValue = "400",
            description = "Users, a tenth of them in one large group, the others in groups of four (${DEFAULT-VALUE}).")
    private int users;

    @Option(names = "--rate", defaultValue = "500", description = "Messages per second (${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--away",
            defaultValue = "20s",
            description = "How long a process is dead or stopped (${DEFAULT-VALUE}).")
    private Duration away = Duration.ofSeconds(20);

    @Option(names = "--few", description = "Only those of every test run.")
    private boolean few;

    @Option(
            names = "--only",
            paramLabel = "WORDS",
            description = "Only faults whose name contains these words, such as \"kill -9 of a gateway\"; may be"
                    + " repeated.")
    private List<String> only = List.of();

    @Option(
            names = "--older",
            paramLabel = "CHECKOUT",
            description =
                    "Start with the services of another checkout that is built; the first fault puts those of this"
                            + " one in their place.")
    private @Nullable Path older;

    @Option(
            names = "--table",
            paramLabel = "FILE",
            description =
                    "Write each result into the table of this Markdown file. Rows of other faults stay, if they were"
                            + " measured with the same options.")
    private @Nullable Path table;

    @Mixin
    private ClusterArguments arguments = new ClusterArguments();

    @Mixin
    private JsonFile json = new JsonFile();

    private final PrintStream out;

    public FaultsCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (table != null) {
            FaultTable.check(table);
        }
        Duration ten = Duration.ofSeconds(10);
        FaultSettings settings = new FaultSettings(users, rate, ten, ten, away, ten.multipliedBy(2), ten, ten);
        return arguments.inFolder(folder -> run(folder, settings));
    }

    private int run(Path folder, FaultSettings settings) throws IOException, InterruptedException {
        Progress progress = Progress.onStandardOutput(out);
        List<FaultResult> results = new ArrayList<>();
        boolean stopped = false;
        ClusterSettings size = ClusterSettings.twoOfEach().with(environment(settings));
        ServerPrograms programs = older == null ? ServerPrograms.ofThisProcess() : ServerPrograms.ofCheckout(older);
        List<Fault> faults = chosen(size);
        out.println("starting three brokers, Redis, and two of each service in " + folder);
        try (BrokerNetwork network = network(faults);
                Cluster cluster = Cluster.start(programs, network, folder, size)) {
            faults.removeIf(fault -> fault.kind() == Fault.Kind.CUT && !network.canBeCut());
            FaultRun run = new FaultRun(cluster, settings, progress);
            run.warmUp(WARM_UP);
            for (Fault fault : faults) {
                out.println(fault.name());
                FaultResult result;
                try {
                    result = run.run(fault);
                } catch (UsageFailure e) {
                    // The rows so far are kept; the cluster is not whole any longer.
                    out.println("stopped: " + e.getMessage());
                    stopped = true;
                    break;
                }
                results.add(result);
                if (table != null) {
                    FaultTable.write(table, about(settings), FaultTable.row(result));
                }
                progress.end();
                out.print(FaultTable.text(List.of(result)));
                result.faults().forEach(line -> out.println("  " + line));
                if (!result.clean()) {
                    cluster.printed().forEach(line -> out.println("  " + line));
                }
            }
        }
        out.println();
        out.print(FaultTable.text(results));
        json.write(results);
        return !stopped && results.stream().allMatch(FaultResult::clean) ? 0 : 1;
    }

    private Map<String, String> environment(FaultSettings settings) {
        Map<String, String> all = new HashMap<>(arguments.settings());
        all.putIfAbsent("MILENA_LARGE_GROUP_FROM", Integer.toString(settings.large()));
        return all;
    }

    private List<Fault> chosen(ClusterSettings size) {
        List<Fault> all = new ArrayList<>(few ? Fault.few() : Fault.all(size.members()));
        if (older != null) {
            all.addFirst(Fault.upgrade(size.services()));
        }
        List<Fault> chosen = new ArrayList<>(all);
        chosen.removeIf(fault -> !only.isEmpty() && only.stream().noneMatch(fault.name()::contains));
        if (chosen.isEmpty()) {
            throw new UsageFailure("no fault has such a name; there are: "
                    + String.join(", ", all.stream().map(Fault::name).toList()));
        }
        return chosen;
    }

    /// One that can be cut, if a fault needs it; where this machine has none, those faults are left out.
    private BrokerNetwork network(List<Fault> faults) throws InterruptedException {
        if (faults.stream().noneMatch(fault -> fault.kind() == Fault.Kind.CUT)) {
            return BrokerNetwork.loopback();
        }
        try {
            return BrokerNetwork.apart();
        } catch (IOException e) {
            out.println("faults of the network are left out, since none can be cut here: " + e.getMessage());
            return BrokerNetwork.loopback();
        }
    }

    private String about(FaultSettings settings) {
        Map<String, String> changed = new TreeMap<>(arguments.settings());
        return String.format(
                Locale.ROOT,
                "%s messages/s of %d users on a machine with %d processors; each process is away for %d s%s.",
                Table.decimal(settings.rate(), 0),
                settings.users(),
                Runtime.getRuntime().availableProcessors(),
                settings.during().toSeconds(),
                changed.isEmpty() ? "" : ", with " + changed);
    }
}
