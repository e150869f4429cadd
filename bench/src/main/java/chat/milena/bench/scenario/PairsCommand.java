package chat.milena.bench.scenario;

import chat.milena.bench.load.LoadArguments;
import chat.milena.bench.load.LoadResult;
import chat.milena.bench.load.LoadSettings;
import chat.milena.bench.load.PairsArguments;
import chat.milena.bench.load.RateArguments;
import chat.milena.bench.load.RatePlan;
import chat.milena.bench.load.RatedLoad;
import chat.milena.bench.report.Progress;
import java.io.PrintStream;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `bench pairs`.
@Command(
        name = "pairs",
        mixinStandardHelpOptions = true,
        description = "Open-loop load of users who send in pairs. Exit code 1 if the delivery contract was broken.")
public final class PairsCommand implements Callable<Integer> {
    @Mixin
    private LoadArguments load = new LoadArguments();

    @Mixin
    private PairsArguments pairs = new PairsArguments();

    @Mixin
    private RateArguments rates = new RateArguments();

    private final PrintStream out;

    public PairsCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        Clock clock = Clock.systemUTC();
        RatePlan plan = rates.plan(pairs.rate());
        LoadSettings settings = load.settings(clock);
        LoadResult result = RatedLoad.run(pairs.shape(), plan, settings, clock, Progress.onStandardOutput(out));
        return new LoadPrinter(out).print(result, settings.bound(), load.json());
    }
}
