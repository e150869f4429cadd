package chat.milena.bench.scenario;

import chat.milena.bench.load.LoadArguments;
import chat.milena.bench.load.LoadSettings;
import chat.milena.bench.report.Progress;
import java.io.PrintStream;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bench slow`.
@Command(
        name = "slow",
        mixinStandardHelpOptions = true,
        description = "A busy group, twice without and twice with a member whose socket is not read. Exit code 1 if the"
                + " delivery contract was broken. The default of --payload-bytes is 1000 here.")
public final class SlowCommand implements Callable<Integer> {
    /// The bytes that wait for the slow member must exceed the server's bound within the measured time.
    private static final int PAYLOAD_BYTES = 1000;

    @Mixin
    private LoadArguments load = new LoadArguments();

    @Option(names = "--size", defaultValue = "50", description = "Members, the slow one included (${DEFAULT-VALUE}).")
    private int size;

    @Option(names = "--rate", defaultValue = "100", description = "Messages per second (${DEFAULT-VALUE}).")
    private double rate;

    private final PrintStream out;

    public SlowCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        Clock clock = Clock.systemUTC();
        LoadSettings settings = load.settings(clock, PAYLOAD_BYTES);
        SlowResult result = SlowLoad.run(size, rate, settings, clock, Progress.onStandardOutput(out));
        return new LoadPrinter(out).print(result, load.json());
    }
}
