package chat.milena.standalone.up;

import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.SecretFile;
import chat.milena.runtime.config.Settings;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.broker.BrokerLogin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `kafka-config`: prints the settings with which Kafka's own tools log in to the broker of an `up`, whether it
/// runs or not.
@Command(
        name = "kafka-config",
        mixinStandardHelpOptions = true,
        description = "Prints the client properties with which Kafka's own tools connect to the broker of `up`:"
                + " `--command-config FILE`. They contain the broker's password.")
public final class KafkaConfigCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Writes them to this file, readable only by you, and prints nothing.")
    private @Nullable Path out;

    @Option(names = "--reader", description = "The login for MILENA_KAFKA_LISTEN, which may only read.")
    private boolean reader;

    @Option(
            names = "--librdkafka",
            description = "In the form of librdkafka, for kcat and for clients in Python or Go.")
    private boolean librdkafka;

    public KafkaConfigCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InvalidSettingsException, DataFolderException, IOException {
        Settings environment = context.settings();
        Path folder = data.folder(environment);
        environment.check();
        DataFolder existing = DataFolder.existing(folder);
        String properties = properties(
                reader ? BrokerLogin.ofReaders(existing.readerPassword()) : new BrokerLogin(existing.kafkaPassword()));
        if (out == null) {
            context.out().println(properties);
        } else {
            SecretFile.write(out, properties);
        }
        return 0;
    }

    private String properties(BrokerLogin login) {
        return new TreeMap<>(librdkafka ? login.librdkafkaProperties() : login.clientProperties())
                .entrySet().stream()
                        .map(property -> property.getKey() + "=" + property.getValue())
                        .collect(Collectors.joining("\n"));
    }
}
