package chat.milena.bench.load;

import chat.milena.bench.client.ServerOptions;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.report.CheckTable;
import chat.milena.bench.report.JsonFile;
import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.Progress;
import chat.milena.bench.report.Table;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bench pairs`.
@Command(
        name = "pairs",
        mixinStandardHelpOptions = true,
        description = "Open-loop load of users who talk in twos; exit code 1 if the delivery contract was broken.")
public final class PairsCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(names = "--users", defaultValue = "1000", description = "Users, each one connection (${DEFAULT-VALUE}).")
    private int users;

    @Option(
            names = "--rate",
            defaultValue = "1000",
            description = "Messages per second of all users (${DEFAULT-VALUE}).")
    private double rate;

    @Option(names = "--rates", split = ",", description = "Several rates, one after another.")
    private @Nullable List<Double> rates;

    @Option(names = "--find-max", description = "Step up from --rate to the highest rate that holds --bound.")
    private boolean findMax;

    @Option(names = "--bound", defaultValue = "500ms", description = "Delivery p99 of a held rate (${DEFAULT-VALUE}).")
    private Duration bound = Duration.ofMillis(500);

    @Option(names = "--warmup", defaultValue = "60s", description = "Unmeasured time at first (${DEFAULT-VALUE}).")
    private Duration warmup = Duration.ofSeconds(60);

    @Option(
            names = "--settle",
            defaultValue = "10s",
            description = "Unmeasured time of later steps (${DEFAULT-VALUE}).")
    private Duration settle = Duration.ofSeconds(10);

    @Option(names = "--duration", defaultValue = "60s", description = "Measured time of each rate (${DEFAULT-VALUE}).")
    private Duration duration = Duration.ofSeconds(60);

    @Option(names = "--tail", defaultValue = "30s", description = "Longest wait for the last ones (${DEFAULT-VALUE}).")
    private Duration tail = Duration.ofSeconds(30);

    @Option(names = "--payload-bytes", defaultValue = "100", description = "Length of each text (${DEFAULT-VALUE}).")
    private int payloadBytes;

    @Option(
            names = "--connect-rate",
            defaultValue = "200",
            description = "New connections a second (${DEFAULT-VALUE}).")
    private int connectRate;

    @Option(names = "--threads", defaultValue = "1", description = "Event-loop threads (${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON too.")
    private @Nullable Path json;

    private final PrintStream out;

    public PairsCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (connectRate < 1 || threads < 1) {
            throw new UsageFailure("--connect-rate and --threads must be at least 1");
        }
        Clock clock = Clock.systemUTC();
        PairsOptions options = new PairsOptions(
                server.url(),
                server.tokens(clock),
                users,
                plan(),
                warmup,
                settle,
                duration,
                tail,
                bound,
                payloadBytes,
                connectRate,
                threads);
        PairsResult result = PairsLoad.run(options, clock, Progress.onStandardOutput(out));
        print(result);
        if (json != null) {
            JsonFile.write(json, result);
        }
        return result.clean() ? 0 : 1;
    }

    private RatePlan plan() {
        if (findMax) {
            return new RatePlan.FindMax(rate, 3);
        }
        return new RatePlan.Fixed(rates == null ? List.of(rate) : rates);
    }

    private void print(PairsResult result) {
        for (PairsResult.Step step : result.steps()) {
            out.println();
            out.print(new Table()
                    .row(Latencies.Summary.header(Table.decimal(step.rate(), 0) + "/s, from due time to"))
                    .row(step.delivery().row("  delivery"))
                    .row(step.ack().row("  ack"))
                    .row(step.behind().row("  own write (bench late)")));
            out.println("acked " + Table.decimal(step.achievedRate(), 1) + "/s over "
                    + Table.decimal(step.seconds(), 0) + " s; sent " + Table.count(step.sent()) + ", acked "
                    + Table.count(step.acked()) + ", delivered " + Table.count(step.delivered()) + ", undelivered "
                    + Table.count(step.undelivered()) + ", refused "
                    + (step.refused().isEmpty() ? "0" : step.refused().toString()));
            out.println(step.machine());
        }
        out.println();
        out.print(CheckTable.of(result.check()));
        out.println("unanswered at the end: " + Table.count(result.pending()));
        result.notices().forEach((notice, count) -> out.println("notice: " + notice + " (" + count + " times)"));
        if (result.steps().size() > 1) {
            out.println("highest rate with delivery p99 within " + bound.toMillis()
                    + " ms and nothing refused or lost: " + Table.decimal(result.heldRate(), 0) + "/s");
        }
    }
}
