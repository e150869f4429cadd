package chat.milena.bench.reads;

import chat.milena.bench.answer.PagePosition;
import chat.milena.bench.call.ReadOptions;
import chat.milena.bench.call.ServerOptions;
import chat.milena.bench.report.JsonFile;
import chat.milena.bench.report.Progress;
import chat.milena.bench.report.ServerProcess;
import chat.milena.bench.report.Table;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bench history`.
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        description = "Reads and checks pages of a long conversation; exit code 1 if one was wrong, or if the readers"
                + " were refused.")
public final class HistoryCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Mixin
    private ReadOptions reading = new ReadOptions();

    @Option(names = "--conversation", required = true, paramLabel = "ID", description = "The conversation.")
    private String conversationId = "";

    @Option(
            names = "--as",
            defaultValue = Fill.READER,
            paramLabel = "USER",
            description = "The reader, a member (${DEFAULT-VALUE}).")
    private String userId = Fill.READER;

    @Option(
            names = "--at",
            split = ",",
            defaultValue = "end,middle,start,random",
            description = "Positions of the pages, one after another (${DEFAULT-VALUE}).")
    private List<PagePosition> positions = List.of();

    @Option(names = "--readers", defaultValue = "32", description = "Readers and connections (${DEFAULT-VALUE}).")
    private int readers;

    @Option(names = "--limit", defaultValue = "50", description = "Entries of a page (${DEFAULT-VALUE}).")
    private int limit;

    @Option(
            names = "--path",
            paramLabel = "PATH",
            description = "Another read of the conversation, such as members?limit=50, in place of pages; unchecked.")
    private @Nullable String path;

    @Option(names = "--warmup", defaultValue = "5s", description = "Unmeasured time at first (${DEFAULT-VALUE}).")
    private Duration warmup = Duration.ofSeconds(5);

    @Option(names = "--settle", defaultValue = "2s", description = "Unmeasured time of each rate (${DEFAULT-VALUE}).")
    private Duration settle = Duration.ofSeconds(2);

    @Option(names = "--duration", defaultValue = "20s", description = "Measured time of each step (${DEFAULT-VALUE}).")
    private Duration duration = Duration.ofSeconds(20);

    @Option(names = "--rates", split = ",", description = "Requests per second, one after another, open loop.")
    private List<Double> rates = List.of();

    @Option(names = "--find-max", description = "Search the highest rate whose p99 is within --bound.")
    private boolean findMax;

    @Option(names = "--rate", description = "Start of the search (default: half the rate of the readers).")
    private @Nullable Double rate;

    @Option(names = "--bound", defaultValue = "50ms", description = "p99 of a held rate (${DEFAULT-VALUE}).")
    private Duration bound = Duration.ofMillis(50);

    @Option(names = "--threads", defaultValue = "1", description = "Event-loop threads (${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--seed", paramLabel = "N", description = "Repeats the random positions of an earlier run.")
    private @Nullable Long seed;

    @Mixin
    private ServerProcess process = new ServerProcess();

    @Mixin
    private JsonFile json = new JsonFile();

    private final PrintStream out;

    public HistoryCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        Duration callPatience = Duration.ofSeconds(10);
        HistorySettings settings = new HistorySettings(
                server.url(),
                reading.urls(server),
                server.tokens(Clock.systemUTC()),
                userId,
                conversationId,
                path == null ? positions : List.of(PagePosition.END),
                readers,
                limit,
                path,
                warmup,
                settle,
                duration,
                rates,
                findMax,
                rate,
                bound,
                callPatience,
                threads,
                seed == null ? ThreadLocalRandom.current().nextInt(1_000_000) : seed,
                process.pid());
        HistoryResult result = History.run(settings, Progress.onStandardOutput(out));
        print(result);
        json.write(result);
        return result.clean() ? 0 : 1;
    }

    private void print(HistoryResult result) {
        out.println("conversation " + result.conversationId() + " up to number " + Table.count(result.lastSequence())
                + (path == null ? ", pages of " + result.limit() : ", " + path) + ", seed " + result.seed());
        Table table = new Table()
                .row("pages at", "asked/s", "pages/s", "p50 ms", "p99 ms", "max ms", "wrong", "refused", "late p99 ms");
        for (HistoryResult.AtPosition one : result.positions()) {
            String where = one.at().name().toLowerCase(Locale.ROOT);
            table.row(row(where + ", " + result.readers() + " readers", one.closed()));
            one.rates().forEach(step -> table.row(row("  " + where, step)));
        }
        out.print(table);
        for (HistoryResult.AtPosition one : result.positions()) {
            if (!one.rates().isEmpty()) {
                out.println(one.at().name().toLowerCase(Locale.ROOT) + ": highest rate with p99 within "
                        + bound.toMillis() + " ms and nothing refused: " + Table.decimal(one.heldRate(), 0) + "/s");
            }
            out.println(one.at().name().toLowerCase(Locale.ROOT) + ", readers: "
                    + one.closed().machine());
        }
        result.examples().forEach(example -> out.println("  wrong: " + example));
    }

    private static String[] row(String name, ReadStep step) {
        return new String[] {
            name,
            step.rate() == 0 ? "-" : Table.decimal(step.rate(), 0),
            Table.decimal(step.perSecond(), 0),
            Table.decimal(step.latency().p50Ms(), 2),
            Table.decimal(step.latency().p99Ms(), 2),
            Table.decimal(step.latency().maxMs(), 1),
            Table.count(step.wrong()),
            step.refused().isEmpty() ? "0" : step.refused().toString(),
            step.rate() == 0 ? "-" : Table.decimal(step.behind().p99Ms(), 2)
        };
    }
}
