package chat.milena.bench.scenario;

import chat.milena.bench.load.LoadArguments;
import chat.milena.bench.load.LoadResult;
import chat.milena.bench.load.LoadSettings;
import chat.milena.bench.load.RateArguments;
import chat.milena.bench.load.RatePlan;
import chat.milena.bench.load.RatedLoad;
import chat.milena.bench.load.Shape;
import chat.milena.bench.report.Progress;
import java.io.PrintStream;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bench group`.
@Command(
        name = "group",
        mixinStandardHelpOptions = true,
        description = "Open-loop load of groups whose members send in turn. Exit code 1 if the delivery contract was"
                + " broken.")
public final class GroupCommand implements Callable<Integer> {
    @Mixin
    private LoadArguments load = new LoadArguments();

    @Mixin
    private RateArguments rates = new RateArguments();

    @Option(names = "--groups", defaultValue = "20", description = "Groups (${DEFAULT-VALUE}).")
    private int groups;

    @Option(names = "--size", defaultValue = "50", description = "Members of each group (${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = "--users",
            description = "Users, each one connection, spread over the groups in turn (default: as many as there are"
                    + " places in all groups, at most 5,000).")
    private @Nullable Integer users;

    @Option(
            names = "--rate",
            defaultValue = "100",
            description = "Messages per second of all groups (${DEFAULT-VALUE}).")
    private double rate;

    private final PrintStream out;

    public GroupCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        Clock clock = Clock.systemUTC();
        Shape shape = users == null ? Shape.Groups.distinct(groups, size) : new Shape.Groups(groups, size, users);
        RatePlan plan = rates.plan(rate);
        LoadSettings settings = load.settings(clock);
        LoadResult result = RatedLoad.run(shape, plan, settings, clock, Progress.onStandardOutput(out));
        return new LoadPrinter(out).print(result, settings.bound(), load.json());
    }
}
