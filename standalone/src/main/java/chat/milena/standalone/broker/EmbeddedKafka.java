package chat.milena.standalone.broker;

import chat.milena.runtime.config.PrivateFolder;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.LastCause;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A real Kafka broker and controller inside this process, with its logs in one folder. Only clients that have the
/// password reach it, from this machine; they may do all. Those on other machines may only read, if at all.
///
/// A record acknowledged to a producer survives any death of the process, since the operating system has it, and
/// of the machine, if the broker is durable. The broker is started once and stopped once. It binds its port in the
/// constructor. Closing a broker that was never started releases the port.
public final class EmbeddedKafka implements Component, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);

    /// The default port of Kafka's own tools.
    private static final int USUAL_PORT = 9092;

    private static final Duration GIVE_UP_WITHIN = Duration.ofSeconds(5);
    private static final String META_PROPERTIES = "meta.properties";

    private final Path folder;
    private final BrokerLogin login;
    private final HeldPort port;
    private final BrokerOptions options;
    private @Nullable KafkaNode node;

    /// @param folder the folder of its logs; created and formatted if it is missing
    /// @param fixedPort the required port; if empty, the usual one, or any if that is taken
    /// @throws BrokerException if the port is taken
    public EmbeddedKafka(Path folder, BrokerLogin login, OptionalInt fixedPort) throws BrokerException {
        this(folder, login, fixedPort, BrokerOptions.USUAL);
    }

    /// The same, with these options.
    public EmbeddedKafka(Path folder, BrokerLogin login, OptionalInt fixedPort, BrokerOptions options)
            throws BrokerException {
        this.options = options;
        this.folder = folder;
        this.login = login;
        this.port = fixedPort.isPresent() ? fixed(fixedPort.getAsInt()) : usualOrAny();
    }

    /// Whether a broker has kept its logs in this folder.
    public static boolean hasLogs(Path folder) {
        return Files.exists(folder.resolve(META_PROPERTIES));
    }

    @Override
    public String name() {
        return "kafka";
    }

    /// The address for clients: `host:port`.
    public String bootstrapServers() {
        return BrokerSettings.bootstrapServers(port.number());
    }

    /// Properties with which clients log in.
    public Map<String, String> clientProperties() {
        return login.clientProperties();
    }

    @Override
    public void start() throws BrokerException, InterruptedException {
        HeldPort controllerPort = any();
        KafkaConfig config = BrokerSettings.of(folder, login, port.number(), controllerPort.number(), options);
        KafkaNode starting = null;
        try {
            format(config);
            starting = new KafkaNode(config, port, controllerPort);
            starting.start();
        } catch (RuntimeException | ExecutionException | TimeoutException e) {
            giveUp(starting, controllerPort);
            throw new BrokerException("cannot start Kafka on " + folder + ": " + LastCause.text(e), e);
        } catch (BrokerException | InterruptedException e) {
            giveUp(starting, controllerPort);
            throw e;
        }
        node = starting;
    }

    @Override
    public void stop(Duration within) {
        KafkaNode running = node;
        if (running != null) {
            node = null;
            // The other half is for closing the logs, even if the controlled shutdown is not granted.
            running.stop(within.dividedBy(2));
        }
    }

    /// Releases the port.
    @Override
    public void close() throws IOException {
        port.close();
    }

    private static HeldPort fixed(int number) throws BrokerException {
        try {
            return HeldPort.of(number);
        } catch (IOException e) {
            throw new BrokerException("port " + number + " (for Kafka) is in use", e);
        }
    }

    private static HeldPort usualOrAny() throws BrokerException {
        try {
            return HeldPort.of(USUAL_PORT);
        } catch (IOException e) {
            LOG.debug("port {} is in use", USUAL_PORT, e);
            return any();
        }
    }

    private static HeldPort any() throws BrokerException {
        try {
            return HeldPort.of(0);
        } catch (IOException e) {
            throw new BrokerException("no free port for Kafka: " + e.getMessage(), e);
        }
    }

    private void format(KafkaConfig config) throws BrokerException {
        try {
            PrivateFolder.make(folder);
            // Formatting writes this file last. So a folder with this file is formatted.
            if (Files.exists(folder.resolve(META_PROPERTIES))) {
                return;
            }
            new Formatter()
                    .setNodeId(config.nodeId())
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .setDirectories(List.of(folder.toString()))
                    .setMetadataLogDirectory(folder.toString())
                    .setIgnoreFormatted(true)
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .run();
        } catch (Exception e) {
            throw new BrokerException("cannot use " + folder + " for Kafka: " + LastCause.text(e), e);
        }
    }

    private void giveUp(@Nullable KafkaNode started, HeldPort controllerPort) {
        try (port;
                controllerPort) {
            if (started != null) {
                started.stop(GIVE_UP_WITHIN);
            }
        } catch (RuntimeException | IOException e) {
            LOG.debug("a broker that failed to start also failed to stop", e);
        }
    }
}
