package chat.milena.bench.idle;

import chat.milena.bench.call.ServerOptions;
import chat.milena.bench.report.JsonFile;
import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.Progress;
import chat.milena.bench.report.ServerMemory;
import chat.milena.bench.report.ServerProcess;
import chat.milena.bench.report.Table;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bench idle`.
@Command(
        name = "idle",
        mixinStandardHelpOptions = true,
        description = "Many connections that send only heartbeats, and the cost of each of them for the server. Exit"
                + " code 1 if one was not made, was lost or got no answer. With --server-pid, which must be a JVM of"
                + " this user, its memory is reported too, and its garbage is collected three times.")
public final class IdleCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final double MIB = 1 << 20;

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(
            names = "--connections",
            defaultValue = "10000",
            description = "Connections, each of its own user (${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--connect-rate",
            defaultValue = "2000",
            description = "New connections a second (${DEFAULT-VALUE}).")
    private int connectRate;

    @Option(names = "--rest", defaultValue = "10s", description = "Measured time before them (${DEFAULT-VALUE}).")
    private Duration rest = Duration.ofSeconds(10);

    @Option(names = "--hold", defaultValue = "60s", description = "Measured time with all (${DEFAULT-VALUE}).")
    private Duration hold = Duration.ofSeconds(60);

    @Mixin
    private ServerProcess process = new ServerProcess();

    @Mixin
    private JsonFile json = new JsonFile();

    private final PrintStream out;

    public IdleCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        Clock clock = Clock.systemUTC();
        IdleSettings settings = new IdleSettings(
                server.url(), server.tokens(clock), connections, connectRate, rest, hold, PATIENCE, process.pid());
        IdleResult result = Idle.run(settings, clock, Progress.onStandardOutput(out));
        print(result);
        json.write(result);
        return result.clean() ? 0 : 1;
    }

    private void print(IdleResult result) {
        out.println(Table.count(result.connected()) + " of " + Table.count(result.asked()) + " connected in "
                + Table.decimal(result.connectSeconds(), 1) + " s");
        out.println();
        out.print(new Table()
                .row(Latencies.Summary.header("latency"))
                .row(result.connecting().row("connect, to `connected`"))
                .row(result.heartbeat().row("heartbeat, to its answer")));
        if (result.memory() != null) {
            out.println();
            print(result.memory());
        }
        out.println();
        out.println("at rest: " + result.atRest());
        out.println("holding for " + Table.decimal(result.holdSeconds(), 0) + " s: " + result.atHold());
        out.println("heartbeats sent " + Table.count(result.heartbeatsSent()) + ", unanswered "
                + Table.count(result.heartbeatsUnanswered()) + "; refused "
                + word(result.refused().isEmpty())
                + ", lost " + word(result.lost().isEmpty()));
        result.refused().forEach((why, count) -> out.println("refused: " + why + " (" + count + " times)"));
        result.lost().forEach((why, count) -> out.println("lost: " + why + " (" + count + " times)"));
    }

    private static String word(boolean none) {
        return none ? "0" : "as follows";
    }

    private void print(IdleResult.Memory memory) {
        out.print(new Table()
                .row("the server's memory", "resident MiB", "used heap MiB after a collection")
                .row(row("no connection", memory.before()))
                .row(row("all connected", memory.connected()))
                .row(row("after the hold", memory.held())));
        out.println("bytes a connection, after the hold against before: resident "
                + Table.decimal(memory.residentBytesEach(), 0) + ", heap "
                + Table.decimal(memory.heapBytesEach(), 0));
    }

    private static String[] row(String name, ServerMemory memory) {
        return new String[] {
            name, Table.decimal(memory.residentBytes() / MIB, 1), Table.decimal(memory.heapBytes() / MIB, 1)
        };
    }
}
