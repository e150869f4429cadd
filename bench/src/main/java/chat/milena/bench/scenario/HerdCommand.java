package chat.milena.bench.scenario;

import chat.milena.bench.load.LoadArguments;
import chat.milena.bench.load.LoadSettings;
import chat.milena.bench.load.Shape;
import chat.milena.bench.report.Progress;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bench herd`.
@Command(
        name = "herd",
        mixinStandardHelpOptions = true,
        description =
                "Clients that all lose their sockets together and reconnect together with their resume tokens, beside"
                        + " pairs that continue. Exit code 1 if not all reconnected, or the contract was broken.")
public final class HerdCommand implements Callable<Integer> {
    @Mixin
    private LoadArguments load = new LoadArguments();

    @Option(names = "--clients", defaultValue = "5000", description = "Clients that are cut off (${DEFAULT-VALUE}).")
    private int clients;

    @Option(
            names = "--written-to",
            paramLabel = "N",
            description = "How many of them receive messages (500, or all if there are fewer).")
    private int written;

    @Option(
            names = "--written-rate",
            defaultValue = "100",
            description = "Messages per second to all of those (${DEFAULT-VALUE}).")
    private double writtenRate;

    @Option(
            names = "--undisturbed",
            defaultValue = "200",
            description = "Users of the pairs that stay connected (${DEFAULT-VALUE}).")
    private int undisturbed;

    @Option(
            names = "--rate",
            defaultValue = "500",
            description = "Messages per second of those pairs (${DEFAULT-VALUE}).")
    private double rate;

    @Option(names = "--within", defaultValue = "3m", description = "Longest wait for all (${DEFAULT-VALUE}).")
    private Duration within = Duration.ofMinutes(3);

    @Option(names = "--unlimited", description = "Let the herd reconnect beyond the server's rates of new connections.")
    private boolean unlimited;

    private final PrintStream out;

    public HerdCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        Clock clock = Clock.systemUTC();
        LoadSettings settings = load.settings(clock);
        HerdSettings herd = new HerdSettings(
                clients,
                written == 0 ? Math.min(500, clients) : written,
                writtenRate,
                new Shape.Pairs(undisturbed),
                rate,
                within,
                load.tokens(clock, unlimited));
        HerdResult result = HerdLoad.run(herd, settings, clock, Progress.onStandardOutput(out));
        return new LoadPrinter(out).print(result, load.json());
    }
}
