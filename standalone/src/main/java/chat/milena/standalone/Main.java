package chat.milena.standalone;

import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.lifecycle.StartException;
import chat.milena.standalone.broker.BrokerException;
import chat.milena.standalone.operate.DeadLettersCommand;
import chat.milena.standalone.operate.ExplainCommand;
import chat.milena.standalone.operate.PushCommand;
import chat.milena.standalone.operate.RerunCommand;
import chat.milena.standalone.operate.RulesCommand;
import chat.milena.standalone.operate.TokenCommand;
import chat.milena.standalone.operate.TopCommand;
import chat.milena.standalone.operate.TopicsCommand;
import chat.milena.standalone.operate.ViewsCommand;
import chat.milena.standalone.service.FanoutCommand;
import chat.milena.standalone.service.GatewayCommand;
import chat.milena.standalone.service.ModerationCommand;
import chat.milena.standalone.service.PushWorkerCommand;
import chat.milena.standalone.service.SequencerCommand;
import chat.milena.standalone.service.SyncApiCommand;
import chat.milena.standalone.up.BrokerCommand;
import chat.milena.standalone.up.DataFolderException;
import chat.milena.standalone.up.KafkaConfigCommand;
import chat.milena.standalone.up.UpCommand;
import chat.milena.syncapi.ViewsClient.RefusedException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// The command line: `up`, the services as processes of their own (`gateway`, `sequencer`, `fanout`, `moderation`,
/// `sync-api`, `push-worker`), and the tools of an operator. An error is reported in one line on the error stream.
///
/// Exit codes: 0 done, 1 failed, 2 wrong usage.
@Command(
        name = "milena",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "A self-hosted real-time chat backend.")
public final class Main {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final Set<String> LOG_FORMATS = Set.of("text", "json");
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private Main() {}

    public static void main(String[] arguments) {
        // Libraries read and write words and digits in the default locale. Kafka needs English ones.
        Locale.setDefault(Locale.ROOT);
        CommandContext context = new CommandContext(System.getenv(), System.out, System.err, Clock.systemUTC());
        // Kafka leaves threads behind that would keep the process alive.
        System.exit(run(context, arguments));
    }

    /// Runs one command.
    ///
    /// @return its exit code
    static int run(CommandContext context, String... arguments) {
        if (!LOG_FORMATS.contains(context.logFormat())) {
            context.err().println("milena: MILENA_LOG_FORMAT must be text or json");
            return MISUSED;
        }
        return commands(context).execute(arguments);
    }

    /// All commands.
    static CommandLine commands(CommandContext context) {
        return new CommandLine(new Main())
                .addSubcommand(new UpCommand(context))
                .addSubcommand(new TokenCommand(context))
                .addSubcommand(new GatewayCommand(context))
                .addSubcommand(new SequencerCommand(context))
                .addSubcommand(new FanoutCommand(context))
                .addSubcommand(new CommandLine(new ModerationCommand(context)).addSubcommand(new RulesCommand(context)))
                .addSubcommand(new PushWorkerCommand(context))
                .addSubcommand(new PushCommand(context))
                .addSubcommand(new SyncApiCommand(context))
                .addSubcommand(new ViewsCommand(context))
                .addSubcommand(new TopicsCommand(context))
                .addSubcommand(new DeadLettersCommand(context))
                .addSubcommand(new TopCommand(context))
                .addSubcommand(new ExplainCommand(context))
                .addSubcommand(new RerunCommand(context))
                .addSubcommand(new BrokerCommand(context))
                .addSubcommand(new KafkaConfigCommand(context))
                .setOut(writer(context.out()))
                .setErr(writer(context.err()))
                .setParameterExceptionHandler((e, given) -> misused(context, e))
                .setExecutionExceptionHandler((e, command, given) -> failed(context, e));
    }

    private static int misused(CommandContext context, ParameterException e) {
        String command = e.getCommandLine().getCommandName();
        String help = command.equals("milena") ? "milena help" : "milena " + command + " --help";
        context.fail(oneLine(e.getMessage()) + " (see: " + help + ")");
        return MISUSED;
    }

    private static int failed(CommandContext context, Exception e) {
        return switch (e) {
            case InvalidSettingsException _ -> {
                print(context, e);
                yield MISUSED;
            }
            case DataFolderException _,
                    BrokerException _,
                    StartException _,
                    TopicException _,
                    RefusedException _,
                    IOException _ -> {
                LOG.debug("{}", e.getMessage(), e);
                print(context, e);
                yield FAILED;
            }
            default -> {
                // An unexpected failure: its report needs the stack trace.
                LOG.error("failed", e);
                yield FAILED;
            }
        };
    }

    private static void print(CommandContext context, Exception e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        message.lines().forEach(context::fail);
    }

    private static String oneLine(@Nullable String message) {
        return message == null ? "wrong option" : message.lines().collect(Collectors.joining(" "));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }
}
