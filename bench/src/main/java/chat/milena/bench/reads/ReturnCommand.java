package chat.milena.bench.reads;

import chat.milena.bench.answer.AckReadTable;
import chat.milena.bench.call.ReadOptions;
import chat.milena.bench.call.ServerOptions;
import chat.milena.bench.report.JsonFile;
import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.Progress;
import chat.milena.bench.report.Table;
import java.io.PrintStream;
import java.time.Clock;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bench return`.
@Command(
        name = "return",
        mixinStandardHelpOptions = true,
        description = "Lets a client miss messages, return and sync until it has all of them. Exit code 1 if an"
                + " acknowledged message was missing.")
public final class ReturnCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Mixin
    private ReadOptions reading = new ReadOptions();

    @Option(
            names = "--missed",
            defaultValue = "1000",
            description = "Messages sent while it is away (${DEFAULT-VALUE}).")
    private int missed;

    @Option(names = "--times", defaultValue = "50", description = "Number of returns (${DEFAULT-VALUE}).")
    private int times;

    @Option(names = "--limit", paramLabel = "N", description = "Entries of an answer (default: the server's own).")
    private @Nullable Integer limit;

    @Mixin
    private SendArguments sends = new SendArguments();

    @Mixin
    private JsonFile json = new JsonFile();

    private final PrintStream out;

    public ReturnCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        Clock clock = Clock.systemUTC();
        ReturnSettings settings = new ReturnSettings(
                server.url(),
                reading.urls(server),
                server.tokens(clock),
                missed,
                times,
                limit == null ? OptionalInt.empty() : OptionalInt.of(limit),
                sends.window(),
                sends.payloadBytes(),
                sends.giveUpAfter());
        ReturnResult result = Return.run(settings, clock, Progress.onStandardOutput(out));
        print(result);
        json.write(result);
        return result.clean() ? 0 : 1;
    }

    private void print(ReturnResult result) {
        out.println(Table.count(result.missed()) + " messages missed, " + Table.count(result.times()) + " times");
        out.print(new Table()
                .row("return", "complete", "misses", "wrong", "syncs")
                .row(
                        "",
                        Table.count(result.returned()),
                        Table.count(result.misses()),
                        Table.count(result.wrong()),
                        Table.count(result.requests())));
        out.print(new Table()
                .row(Latencies.Summary.header("from the first request to"))
                .row(result.first().row("its answer"))
                .row(result.complete().row("having everything")));
        out.print(AckReadTable.of(result.counts()));
        out.println(result.machine());
        result.notices().forEach((notice, count) -> out.println("notice: " + notice + " (" + count + " times)"));
        result.examples().forEach(example -> out.println("  " + example));
    }
}
