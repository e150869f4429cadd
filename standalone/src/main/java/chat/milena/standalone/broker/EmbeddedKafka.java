package chat.milena.standalone.broker;

import chat.milena.runtime.lifecycle.Component;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A real Kafka broker and controller inside this process, for this machine only, with its logs in one folder.
///
/// What it has told a producer to be written survives the death of the process, however it dies: the operating
/// system has it. It is started once and stopped once.
public final class EmbeddedKafka implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);

    /// Where Kafka's own tools look first.
    private static final int USUAL_PORT = 9092;

    private static final String META_PROPERTIES = "meta.properties";

    private final Path folder;
    private final int port;
    private @Nullable KafkaRaftServer server;

    /// @param folder where its logs are; made and formatted if it is not there
    /// @param fixedPort the port it must have; without, the usual one or, where that is taken, any
    /// @throws BrokerException if the port is taken
    public EmbeddedKafka(Path folder, OptionalInt fixedPort) throws BrokerException {
        this.folder = folder;
        this.port = choosePort(fixedPort);
    }

    @Override
    public String name() {
        return "kafka";
    }

    /// Where clients find it: `host:port`.
    public String bootstrapServers() {
        return BrokerSettings.bootstrapServers(port);
    }

    @Override
    public void start() throws BrokerException {
        KafkaConfig config = BrokerSettings.of(folder, port, anyFreePort());
        format(config);
        KafkaRaftServer starting = null;
        try {
            starting = new KafkaRaftServer(config, Time.SYSTEM);
            starting.startup();
        } catch (RuntimeException e) {
            if (starting != null) {
                stopQuietly(starting);
            }
            throw new BrokerException("cannot start Kafka on " + folder + ": " + reason(e), e);
        }
        server = starting;
    }

    @Override
    public void stop(Duration within) {
        KafkaRaftServer running = server;
        if (running != null) {
            server = null;
            running.shutdown();
            running.awaitShutdown();
        }
    }

    private static int choosePort(OptionalInt fixedPort) throws BrokerException {
        if (fixedPort.isPresent() && !Ports.isFree(fixedPort.getAsInt())) {
            throw new BrokerException("port " + fixedPort.getAsInt() + " (for Kafka) is in use");
        }
        if (fixedPort.isPresent()) {
            return fixedPort.getAsInt();
        }
        return Ports.isFree(USUAL_PORT) ? USUAL_PORT : anyFreePort();
    }

    private static int anyFreePort() throws BrokerException {
        try {
            return Ports.anyFree();
        } catch (IOException e) {
            throw new BrokerException("no free port for Kafka: " + e.getMessage(), e);
        }
    }

    private void format(KafkaConfig config) throws BrokerException {
        // Written last by formatting: a folder that has it is formatted, whatever happened since.
        if (Files.exists(folder.resolve(META_PROPERTIES))) {
            return;
        }
        try {
            Files.createDirectories(folder);
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
            throw new BrokerException("cannot use " + folder + " for Kafka: " + reason(e), e);
        }
    }

    private static void stopQuietly(KafkaRaftServer server) {
        try {
            server.shutdown();
        } catch (RuntimeException e) {
            LOG.debug("a broker that did not start did not stop either", e);
        }
    }

    /// Kafka wraps what happened in what it was doing; the innermost says what is wrong.
    private static String reason(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String message = innermost.getMessage();
        return message == null
                ? innermost.getClass().getSimpleName()
                : message.lines().findFirst().orElse(message);
    }
}
