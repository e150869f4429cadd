package chat.milena.standalone.up;

import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.lifecycle.ForegroundRun;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.lifecycle.StartException;
import chat.milena.runtime.lifecycle.StopSignal;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.broker.BrokerException;
import chat.milena.standalone.broker.BrokerLogin;
import chat.milena.standalone.broker.EmbeddedKafka;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `broker`: runs only the broker of a data folder, until Ctrl-C, so that Kafka's tools can use it when `up` does
/// not start.
@Command(
        name = "broker",
        mixinStandardHelpOptions = true,
        description = "Runs only the broker of a data folder, until Ctrl-C, for Kafka's own tools.")
public final class BrokerCommand implements Callable<Integer> {
    private static final int PORT_MAX = 65_535;

    private final CommandContext context;

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            description = "The broker's port (default: 9092, or any if that is taken).")
    private @Nullable String kafkaPort;

    public BrokerCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call()
            throws InvalidSettingsException, DataFolderException, BrokerException, StartException,
                    InterruptedException {
        Settings environment = context.settings();
        Settings options = Settings.ofOptions(kafkaPort == null ? Map.of() : Map.of("--kafka-port", kafkaPort));
        int chosen =
                options.integer("--kafka-port", environment.integer("MILENA_KAFKA_PORT", 0, 0, PORT_MAX), 0, PORT_MAX);
        DataFolder folder = DataFolder.existing(data.folder(environment));
        options.check();
        environment.check();
        OptionalInt port = chosen == 0 ? OptionalInt.empty() : OptionalInt.of(chosen);
        try (DataFolder.Lock lock = folder.lock();
                EmbeddedKafka kafka =
                        new EmbeddedKafka(folder.kafka(), new BrokerLogin(folder.kafkaPassword()), port)) {
            String ready = String.format(
                    Locale.ROOT, "broker of %s on %s (Ctrl-C stops)", folder.path(), kafka.bootstrapServers());
            return lock.isHeld()
                    ? new ForegroundRun(List.of(kafka), new Readiness(), new StopSignal())
                            .run(() -> context.say(ready), () -> {})
                    : 1;
        } catch (IOException e) {
            throw new DataFolderException("cannot unlock the data folder " + folder.path(), e);
        }
    }
}
