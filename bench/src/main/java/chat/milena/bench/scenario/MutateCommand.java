package chat.milena.bench.scenario;

import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.load.LoadArguments;
import chat.milena.bench.load.LoadSettings;
import chat.milena.bench.load.PairsArguments;
import chat.milena.bench.load.Shape;
import chat.milena.bench.report.Progress;
import java.io.PrintStream;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bench mutate`.
@Command(
        name = "mutate",
        mixinStandardHelpOptions = true,
        description = "Pairs alone, beside edits and reactions of other pairs, and alone again; exit code 1 if the"
                + " delivery contract was broken.")
public final class MutateCommand implements Callable<Integer> {
    @Mixin
    private LoadArguments load = new LoadArguments();

    @Mixin
    private PairsArguments pairs = new PairsArguments();

    @Option(
            names = "--changers",
            defaultValue = "1000",
            description = "Users who edit their messages and react to them, in pairs too (${DEFAULT-VALUE}).")
    private int changers;

    @Option(
            names = "--change-rate",
            defaultValue = "1000",
            description = "Edits and reactions per second, as many of each (${DEFAULT-VALUE}).")
    private double changeRate;

    private final PrintStream out;

    public MutateCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        Clock clock = Clock.systemUTC();
        if (!(pairs.rate() > 0)) {
            throw new UsageFailure("--rate must be above 0");
        }
        LoadSettings settings = load.settings(clock);
        Beside changes = new Beside.Changes(new Shape.Pairs(changers), changeRate);
        MixedResult result =
                MixedLoad.run(pairs.shape(), pairs.rate(), changes, settings, clock, Progress.onStandardOutput(out));
        return new LoadPrinter(out).print(result, load.json());
    }
}
