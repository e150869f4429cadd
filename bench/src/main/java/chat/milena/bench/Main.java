package chat.milena.bench;

import chat.milena.bench.chat.ChatCommand;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.cluster.ClusterCommand;
import chat.milena.bench.faults.FaultsCommand;
import chat.milena.bench.hostile.HostileCommand;
import chat.milena.bench.idle.IdleCommand;
import chat.milena.bench.reads.FillCommand;
import chat.milena.bench.reads.HistoryCommand;
import chat.milena.bench.reads.ReturnCommand;
import chat.milena.bench.replay.ReplayCommand;
import chat.milena.bench.scenario.GroupCommand;
import chat.milena.bench.scenario.HerdCommand;
import chat.milena.bench.scenario.MixedCommand;
import chat.milena.bench.scenario.MutateCommand;
import chat.milena.bench.scenario.PairsCommand;
import chat.milena.bench.scenario.SlowCommand;
import chat.milena.bench.worker.ModerationCommand;
import chat.milena.bench.worker.PushCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command line of the clients of Milena.
///
/// Exit codes: 0 done, 1 the delivery contract was broken or the run could not be finished, 2 a mistake that the
/// user can correct.
@Command(
        name = "milena",
        mixinStandardHelpOptions = true,
        description = "Talks to a Milena server through its public protocol.")
public final class Main implements Runnable {
    private Main() {}

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.exit(commandLine(out).execute(arguments));
    }

    static CommandLine commandLine(PrintStream out) {
        CommandLine bench = new CommandLine(new Bench())
                .addSubcommand(new PairsCommand(out))
                .addSubcommand(new GroupCommand(out))
                .addSubcommand(new MixedCommand(out))
                .addSubcommand(new MutateCommand(out))
                .addSubcommand(new ModerationCommand(out))
                .addSubcommand(new IdleCommand(out))
                .addSubcommand(new HerdCommand(out))
                .addSubcommand(new SlowCommand(out))
                .addSubcommand(new PushCommand(out))
                .addSubcommand(new HostileCommand(out))
                .addSubcommand(new FillCommand(out))
                .addSubcommand(new HistoryCommand(out))
                .addSubcommand(new ReturnCommand(out))
                .addSubcommand(new ClusterCommand(out))
                .addSubcommand(new FaultsCommand(out));
        return new CommandLine(new Main())
                .addSubcommand(new ChatCommand(System.in, out))
                .addSubcommand(new ReplayCommand(out))
                .addSubcommand(bench)
                .registerConverter(Duration.class, Durations::parse)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::explainArguments)
                .setExecutionExceptionHandler(Main::explain)
                .setExitCodeExceptionMapper(failure -> failure instanceof UsageFailure ? 2 : 1);
    }

    /// A failure that the user can correct is printed as one line. Any other is a defect and is printed with its
    /// stack trace.
    private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult arguments)
            throws Exception {
        if (!(failure instanceof UsageFailure)) {
            throw failure;
        }
        command.getErr().println(failure.getMessage());
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int explainArguments(CommandLine.ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        String first = String.valueOf(failure.getMessage()).lines().findFirst().orElse("bad arguments");
        command.getErr().println(first + "; see --help");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    @Override
    public void run() {
        throw new UsageFailure("name a command: chat, replay or bench; see --help");
    }

    /// The loads, one subcommand each.
    @Command(name = "bench", mixinStandardHelpOptions = true, description = "Loads that measure and check.")
    static final class Bench implements Runnable {
        @Override
        public void run() {
            throw new UsageFailure("name a load: pairs, group, mixed, mutate, idle, herd, slow, push, hostile, fill,"
                    + " history, return or faults; see --help");
        }
    }
}
