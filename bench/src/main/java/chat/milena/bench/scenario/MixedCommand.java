package chat.milena.bench.scenario;

import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.load.LoadArguments;
import chat.milena.bench.load.LoadSettings;
import chat.milena.bench.load.Shape;
import chat.milena.bench.report.Progress;
import java.io.PrintStream;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bench mixed`.
@Command(
        name = "mixed",
        mixinStandardHelpOptions = true,
        description = "Pairs alone, beside a load of groups or another tenant's flood, and alone again. Exit code 1 if"
                + " the delivery contract was broken.")
public final class MixedCommand implements Callable<Integer> {
    @Mixin
    private LoadArguments load = new LoadArguments();

    @Option(names = "--users", defaultValue = "200", description = "Users of the pairs (${DEFAULT-VALUE}).")
    private int users;

    @Option(names = "--rate", defaultValue = "200", description = "Messages per second of pairs (${DEFAULT-VALUE}).")
    private double rate;

    @Option(names = "--groups", defaultValue = "1", description = "Groups beside them (${DEFAULT-VALUE}).")
    private int groups;

    @Option(names = "--size", defaultValue = "1000", description = "Members of each group (${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = "--group-rate",
            defaultValue = "50",
            description = "Messages per second of all groups (${DEFAULT-VALUE}).")
    private double groupRate;

    @Option(
            names = "--flood-tenant",
            paramLabel = "TENANT",
            description = "Instead of groups, users of this tenant who send as fast as they are allowed.")
    private @Nullable String floodTenant;

    @Option(names = "--flood-users", defaultValue = "200", description = "Users who flood (${DEFAULT-VALUE}).")
    private int floodUsers;

    @Option(names = "--flood-window", defaultValue = "64", description = "Unacked sends of each (${DEFAULT-VALUE}).")
    private int floodWindow;

    @Option(names = "--flood-rude", description = "Answer each refusal with the next send instead of waiting.")
    private boolean floodRude;

    @Option(names = "--flood-unlimited", description = "Let the flood's users send beyond the server's rates.")
    private boolean floodUnlimited;

    private final PrintStream out;

    public MixedCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        Clock clock = Clock.systemUTC();
        if (!(rate > 0)) {
            throw new UsageFailure("--rate must be above 0");
        }
        Shape.Pairs shape = new Shape.Pairs(users);
        LoadSettings settings = load.settings(clock);
        MixedResult result = MixedLoad.run(shape, rate, beside(clock), settings, clock, Progress.onStandardOutput(out));
        return new LoadPrinter(out).print(result, load.json());
    }

    private Beside beside(Clock clock) {
        if (floodTenant != null) {
            return new Beside.TenantFlood(
                    load.tokens(clock, floodTenant, floodUnlimited),
                    new Shape.Pairs(floodUsers),
                    floodWindow,
                    floodRude);
        }
        return new Beside.GroupLoad(Shape.Groups.distinct(groups, size), groupRate);
    }
}
