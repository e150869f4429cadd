package chat.milena.bench.cluster;

import chat.milena.bench.report.CtrlC;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bench cluster`.
@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        description = "Starts three brokers, a Redis and the services on this machine, each a process, and runs them"
                + " until Ctrl-C. Other commands of bench reach it by the printed --url and --data.")
public final class ClusterCommand implements Callable<Integer> {
    @Option(names = "--gateways", defaultValue = "2", description = "How many there are (${DEFAULT-VALUE}).")
    private int gateways;

    @Option(names = "--sequencers", defaultValue = "2", description = "The same of sequencers (${DEFAULT-VALUE}).")
    private int sequencers;

    @Option(names = "--fanouts", defaultValue = "1", description = "The same of fanouts (${DEFAULT-VALUE}).")
    private int fanouts;

    @Option(
            names = "--sync-apis",
            defaultValue = "2",
            description = "The same of sync APIs, each with a copy of all views (${DEFAULT-VALUE}).")
    private int syncApis;

    @Option(names = "--push-workers", defaultValue = "1", description = "The same of push workers (${DEFAULT-VALUE}).")
    private int pushWorkers;

    @Option(names = "--moderations", defaultValue = "1", description = "The same of moderations (${DEFAULT-VALUE}).")
    private int moderations;

    @Option(names = "--partitions", defaultValue = "4", description = "Partitions of each topic (${DEFAULT-VALUE}).")
    private int partitions;

    @Mixin
    private ClusterArguments arguments = new ClusterArguments();

    private final PrintStream out;

    public ClusterCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ClusterSettings size = new ClusterSettings(
                gateways,
                sequencers,
                fanouts,
                syncApis,
                pushWorkers,
                moderations,
                partitions,
                Access.OPEN,
                arguments.settings());
        try (CtrlC _ = new CtrlC(Thread.currentThread())) {
            return arguments.inFolder(folder -> run(folder, size));
        }
    }

    private int run(Path folder, ClusterSettings size) throws IOException {
        out.println("starting three brokers, Redis and the services in " + folder);
        try (Cluster cluster = Cluster.start(ServerPrograms.ofThisProcess(), folder, size)) {
            out.println("ready: --url " + cluster.url() + " --data " + folder);
            cluster.gateways().forEach(gateway -> out.println("  gateway " + gateway));
            out.println("  Kafka " + cluster.bootstrapServers());
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            out.println("stopping");
        }
        return 0;
    }
}
