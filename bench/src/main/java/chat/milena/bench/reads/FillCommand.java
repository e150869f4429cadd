package chat.milena.bench.reads;

import chat.milena.bench.call.ServerOptions;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.report.CtrlC;
import chat.milena.bench.report.JsonFile;
import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.Progress;
import chat.milena.bench.report.Table;
import java.io.PrintStream;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bench fill`.
@Command(
        name = "fill",
        mixinStandardHelpOptions = true,
        description = "Fills one conversation with messages as fast as acks allow. Exit code 1 if it failed.")
public final class FillCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(
            names = "--messages",
            defaultValue = "1000000",
            description = "Final number of messages in it (${DEFAULT-VALUE}).")
    private long messages;

    @Option(names = "--conversation-name", defaultValue = "fill", description = "Its name (${DEFAULT-VALUE}).")
    private String name = "fill";

    @Option(names = "--conversation", paramLabel = "ID", description = "Continues an earlier fill.")
    private @Nullable String conversationId;

    @Option(names = "--connections", defaultValue = "4", description = "Connections (${DEFAULT-VALUE}).")
    private int connections;

    @Mixin
    private SendArguments sends = new SendArguments();

    @Mixin
    private JsonFile json = new JsonFile();

    private final PrintStream out;

    public FillCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        try (CtrlC _ = new CtrlC(Thread.currentThread())) {
            Clock clock = Clock.systemUTC();
            FillSettings settings = new FillSettings(
                    server.url(),
                    server.tokens(clock),
                    messages,
                    name,
                    conversationId,
                    connections,
                    sends.window(),
                    sends.payloadBytes(),
                    sends.giveUpAfter());
            FillResult result = Fill.run(settings, clock, Progress.onStandardOutput(out));
            print(result);
            json.write(result);
            return result.done() ? 0 : 1;
        } catch (InterruptedException e) {
            throw new UsageFailure("interrupted before the first message");
        }
    }

    private void print(FillResult result) {
        out.print(new Table()
                .row("fill", "messages", "acked", "seconds", "acks/s", "from number", "to number")
                .row(
                        "",
                        Table.count(result.wanted()),
                        Table.count(result.acked()),
                        Table.decimal(result.seconds(), 1),
                        Table.decimal(result.perSecond(), 0),
                        Table.count(result.firstNumber()),
                        Table.count(result.lastNumber())));
        out.print(new Table()
                .row(Latencies.Summary.header("latency"))
                .row(result.ack().row("ack")));
        out.println(result.machine());
        result.notices().forEach((notice, count) -> out.println("notice: " + notice + " (" + count + " times)"));
        if (result.stopped() != null) {
            out.println("stopped: " + result.stopped());
        }
        out.println(
                "conversation " + result.conversationId() + ", of " + result.userId() + " and " + result.readerId());
    }
}
