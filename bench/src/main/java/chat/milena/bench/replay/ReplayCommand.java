package chat.milena.bench.replay;

import chat.milena.bench.answer.AckReadTable;
import chat.milena.bench.call.ReadOptions;
import chat.milena.bench.call.ServerOptions;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.report.CheckTable;
import chat.milena.bench.report.CtrlC;
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
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `replay`.
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Plays transcripts, each file a group and each person a connection; exit code 1 if a message was"
                + " not acknowledged or the delivery contract was broken.")
public final class ReplayCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Parameters(arity = "1..*", paramLabel = "FILE.jsonl", description = "Lines of {\"at\", \"user\", \"text\"}.")
    private List<Path> files = List.of();

    @Option(
            names = "--rate",
            paramLabel = "M",
            description = "Messages per second of all files (default: as fast as acks allow).")
    private @Nullable Double rate;

    @Option(names = "--speed", paramLabel = "X", description = "X times the original speed.")
    private @Nullable Double speed;

    @Option(names = "--window", defaultValue = "64", description = "Unacked lines of a file (${DEFAULT-VALUE}).")
    private int window;

    @Option(
            names = "--connect-rate",
            defaultValue = "500",
            description = "New connections a second (${DEFAULT-VALUE}).")
    private int connectRate;

    @Option(names = "--threads", defaultValue = "1", description = "Event-loop threads (${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--reconnect",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Reconnect after a lost connection and resend unacknowledged lines (default).")
    private boolean reconnect;

    @Option(
            names = "--give-up-after",
            defaultValue = "60s",
            description = "Longest time without the server (${DEFAULT-VALUE}).")
    private Duration giveUpAfter = Duration.ofSeconds(60);

    @Option(
            names = "--tail",
            defaultValue = "5s",
            description = "Quiet time after which missing messages count as lost (${DEFAULT-VALUE}).")
    private Duration tail = Duration.ofSeconds(5);

    @Option(names = "--acks", paramLabel = "FILE", description = "Write each acknowledged message as one JSON line.")
    private @Nullable Path acks;

    @Option(names = "--verify-by-resend", description = "Afterwards send all lines again and expect the same numbers.")
    private boolean verifyByResend;

    @Option(
            names = "--verify-by-sync",
            description = "Immediately after every ack another member syncs and reads history, and must find it.")
    private boolean verifyBySync;

    @Mixin
    private ReadOptions readOptions = new ReadOptions();

    @Option(
            names = "--readers",
            defaultValue = "64",
            description = "Lines of all files that may be unacked or unread with --verify-by-sync (${DEFAULT-VALUE}).")
    private int readers;

    @Option(
            names = "--churn",
            paramLabel = "F",
            description = "Fraction of each group's people, up to 1, who leave and join at random moments.")
    private @Nullable Double churn;

    @Option(names = "--churn-seed", paramLabel = "N", description = "Repeats the moments of an earlier run.")
    private @Nullable Long churnSeed;

    @Option(
            names = "--mutate",
            paramLabel = "F",
            description =
                    "Fraction of the lines, up to 1, that are followed by an edit, a deletion, a reaction or a reply"
                            + " by a random member; at the end everybody's frames must have made what they read.")
    private @Nullable Double mutate;

    @Option(names = "--mutate-seed", paramLabel = "N", description = "Repeats the choices of an earlier run.")
    private @Nullable Long mutateSeed;

    @Option(
            names = "--large-from",
            defaultValue = "" + ReplayOptions.Checks.LARGE_FROM,
            description = "MILENA_LARGE_GROUP_FROM of the server: resends to larger groups are judged otherwise"
                    + " (${DEFAULT-VALUE}).")
    private int largeFrom;

    @Mixin
    private JsonFile json = new JsonFile();

    private final PrintStream out;

    public ReplayCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        try (CtrlC _ = new CtrlC(Thread.currentThread())) {
            return replay();
        } catch (InterruptedException e) {
            throw new UsageFailure("interrupted before the first line");
        }
    }

    private int replay() throws InterruptedException {
        Clock clock = Clock.systemUTC();
        ReplayOptions options = new ReplayOptions(
                server.url(),
                server.tokens(clock),
                files.stream().map(Transcript::read).toList(),
                new ReplayOptions.Sending(pace(), window, connectRate, threads, reconnect),
                giveUpAfter,
                tail,
                new ReplayOptions.Checks(acks, verifyByResend, churning(), reading(), mutating(), largeFrom));
        ReplayResult result = Replay.run(options, clock, Progress.onStandardOutput(out));
        print(result, options);
        json.write(result);
        return result.clean() ? 0 : 1;
    }

    private Pace pace() {
        if (rate != null && speed != null) {
            throw new UsageFailure("give only one of --rate and --speed");
        }
        if ((rate != null && !(rate > 0)) || (speed != null && !(speed > 0))) {
            throw new UsageFailure("--rate and --speed must be above 0");
        }
        if (rate != null) {
            return new Pace.Rate(rate);
        }
        return speed == null ? new Pace.FullSpeed() : new Pace.Speed(speed);
    }

    private ReplayOptions.@Nullable Churning churning() {
        if (churn == null) {
            return null;
        }
        return new ReplayOptions.Churning(churn, seed(churnSeed));
    }

    private ReplayOptions.@Nullable Mutating mutating() {
        return mutate == null ? null : new ReplayOptions.Mutating(mutate, seed(mutateSeed));
    }

    private static long seed(@Nullable Long given) {
        return given == null ? ThreadLocalRandom.current().nextInt(1_000_000) : given;
    }

    private void print(ReplayResult.MutationCount mutations, ReplayOptions.Mutating mutating) {
        ReplayResult.FoldCount folds = mutations.folds();
        out.println("mutated with seed " + mutating.seed() + ": edits " + Table.count(mutations.edits())
                + ", deletions " + Table.count(mutations.deletions())
                + ", reactions " + Table.count(mutations.reactions())
                + ", replies " + Table.count(mutations.replies())
                + ", too late " + Table.count(mutations.late()));
        out.println("histories read: " + Table.count(folds.histories())
                + ", messages compared " + Table.count(folds.messages())
                + ", other than the frames made them " + Table.count(folds.different())
                + ", not compared " + Table.count(folds.broken())
                + "; conversations synced after lost frames " + Table.count(folds.syncs()));
        folds.examples().forEach(example -> out.println("  " + example));
    }

    private ReplayOptions.@Nullable Reading reading() {
        if (!verifyBySync) {
            if (readOptions.given()) {
                throw new UsageFailure("--read-url goes with --verify-by-sync");
            }
            return null;
        }
        return new ReplayOptions.Reading(readOptions.urls(server), readers);
    }

    private void print(ReplayResult result, ReplayOptions options) {
        ReplayOptions.Churning churning = options.checks().churning();
        double seconds = Math.max(result.seconds(), 0.001);
        long seen = result.check().deliveries();
        out.println(Table.count(result.conversations()) + " conversations, " + Table.count(result.people())
                + " people, " + Table.decimal(result.seconds(), 1) + " s");
        out.println();
        out.print(new Table()
                .row("messages", "sent", "acked", "delivered", "expected", "messages/s", "deliveries/s")
                .row(
                        Table.count(result.lines()),
                        Table.count(result.sent()),
                        Table.count(result.acked()),
                        Table.count(seen),
                        result.expectedDeliveries() < 0 ? "-" : Table.count(result.expectedDeliveries()),
                        Table.decimal(result.acked() / seconds, 0),
                        Table.decimal(seen / seconds, 0)));
        out.print(CheckTable.of(result.check()));
        out.print(new Table()
                .row(Latencies.Summary.header("latency"))
                .row(result.delivery().row("delivery"))
                .row(result.ack().row("ack")));
        out.println(result.machine());
        if (churning != null) {
            out.println("churn with seed " + churning.seed() + ": left "
                    + Table.count(result.churn().leaves())
                    + ", joined " + Table.count(result.churn().joins()) + ", refused "
                    + Table.count(result.churn().refused()) + "; lines of people outside, not sent "
                    + Table.count(result.unsaid()));
        }
        ReplayOptions.Mutating mutating = options.checks().mutating();
        if (mutating != null && result.mutations() != null) {
            print(result.mutations(), mutating);
        }
        if (verifyByResend) {
            out.println("sent again: " + Table.count(result.resends()) + ", with another answer than at first: "
                    + Table.count(result.wrongResends()));
        }
        if (result.reads() != null) {
            out.print(AckReadTable.of(result.reads()));
        }
        result.refused().forEach((code, count) -> out.println("refused: " + code + " (" + count + " times)"));
        result.notices().forEach((notice, count) -> out.println("notice: " + notice + " (" + count + " times)"));
        if (result.stopped() != null) {
            out.println("stopped: " + result.stopped());
        }
    }
}
