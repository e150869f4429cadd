package chat.milena.standalone.up;

import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.lifecycle.StartException;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.broker.BrokerException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `up`: runs everything in this process until Ctrl-C.
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Runs everything in one process, until Ctrl-C.",
        footer = "Each option can also be set in the environment: MILENA_DATA, MILENA_PORT, MILENA_BIND,"
                + " MILENA_KAFKA_PORT, MILENA_REDIS_URL, MILENA_DEV_SIGN_IN, MILENA_PUSH_LOG. With"
                + " MILENA_KAFKA_BOOTSTRAP_SERVERS it runs no broker of its own, and makes the topics there, of the sizes"
                + " that MILENA_SIZING names.")
public final class UpCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(names = "--data", paramLabel = "DIR", description = "The folder of all data (default: ./data).")
    private @Nullable String data;

    @Option(names = "--port", paramLabel = "PORT", description = "The port for clients (default: 8080; 0: any).")
    private @Nullable String port;

    @Option(names = "--bind", paramLabel = "ADDRESS", description = "The address to listen on (default: 127.0.0.1).")
    private @Nullable String bind;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            description = "The broker's port (default: 9092, or any if that is taken).")
    private @Nullable String kafkaPort;

    @Option(
            names = "--redis",
            paramLabel = "URL",
            description = "The Redis for presence, typing and users' rates, such as redis://127.0.0.1:6379"
                    + " (default: a Redis of its own).")
    private @Nullable String redis;

    @Option(
            names = "--dev-sign-in",
            negatable = true,
            fallbackValue = "true",
            description = "Any user of this machine may sign in as anybody on the chat page (default: if only this"
                    + " machine can connect, and neither MILENA_JWKS_URL nor MILENA_TRUSTED_PROXIES is set).")
    private @Nullable Boolean devSignIn;

    @Option(
            names = "--durable",
            description = "Acknowledges only what is on the disk, so that a power cut loses nothing acknowledged."
                    + " Slower.")
    private boolean durable;

    @Option(
            names = "--push-log",
            description = "Prints what would be pushed to devices, with names and texts, instead of sending it by"
                    + " platforms that are not set up.")
    private boolean pushLog;

    public UpCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call()
            throws InvalidSettingsException, DataFolderException, BrokerException, StartException,
                    InterruptedException {
        Settings options = given();
        Settings environment = context.settings();
        UpOptions chosen = UpOptions.of(options, environment, context.namesBrokers());
        // Before any change, and all mistakes together.
        Composition.readSettings(chosen, environment);
        Settings.checkRead(options, environment);
        return new Up(environment, context.out(), context.clock()).run(chosen);
    }

    private Settings given() {
        Map<String, @Nullable String> given = new HashMap<>();
        given.put("--data", data);
        given.put("--port", port);
        given.put("--bind", bind);
        given.put("--kafka-port", kafkaPort);
        given.put("--redis", redis);
        given.put("--push-log", pushLog ? "true" : null);
        given.put("--durable", durable ? "true" : null);
        given.put("--dev-sign-in", devSignIn == null ? null : devSignIn.toString());
        return Settings.ofOptions(given);
    }
}
