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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bench pairs`.
@Command(
        name = "pairs",
        mixinStandardHelpOptions = true,
        description = "Open-loop load of users who send in pairs. Exit code 1 if the delivery contract was broken.")
public final class PairsCommand implements Callable<Integer> {
    @Mixin
    private LoadArguments load = new LoadArguments();

    @Mixin
    private RateArguments rates = new RateArguments();

    @Option(names = "--users", defaultValue = "1000", description = "Users, each one connection (${DEFAULT-VALUE}).")
    private int users;

    @Option(
            names = "--rate",
            defaultValue = "1000",
            description = "Messages per second of all users (${DEFAULT-VALUE}).")
    private double rate;

    private final PrintStream out;

    public PairsCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        Clock clock = Clock.systemUTC();
        Shape shape = new Shape.Pairs(users);
        RatePlan plan = rates.plan(rate);
        LoadSettings settings = load.settings(clock);
        LoadResult result = RatedLoad.run(shape, plan, settings, clock, Progress.onStandardOutput(out));
        return new LoadPrinter(out).print(result, settings.bound(), load.json());
    }
}
