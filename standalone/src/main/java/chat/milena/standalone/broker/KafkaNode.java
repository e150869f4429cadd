package chat.milena.standalone.broker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.metrics.KafkaMetricsContext;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/// The controller and the broker of the only node. It assembles them like Kafka's own server, with one step
/// between the two: it unregisters the broker of a killed run before the broker of this run registers.
///
/// The controller cannot know that a silent broker is dead, so it rejects every other broker until the session of
/// the silent one expires. Here its death is certain: this node holds the lock of the folder, so no earlier run
/// can be alive. Started once and stopped once.
final class KafkaNode {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaNode.class);

    private final HeldPort port;
    private final HeldPort controllerPort;
    private final SharedServer shared;
    private final ControllerServer controller;
    private final BrokerServer broker;

    /// @param config of a formatted folder
    /// @param port the port of the broker; this node takes over its channel
    /// @param controllerPort the port of the controller; taken over in the same way
    KafkaNode(KafkaConfig config, HeldPort port, HeldPort controllerPort) {
        this.port = port;
        this.controllerPort = controllerPort;
        Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> folder = KafkaRaftServer.initializeLogDirs(config, LOG, "");
        this.shared = new SharedServer(
                config,
                folder._1(),
                Time.SYSTEM,
                new Metrics(new MetricConfig(), List.of(), Time.SYSTEM, true, new KafkaMetricsContext("kafka.server")),
                CompletableFuture.completedFuture(
                        QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
                List.of(),
                new StandardFaultHandlerFactory(),
                this::socket);
        this.broker = new BrokerServer(shared);
        this.controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), folder._2());
    }

    /// Returns when the broker serves clients. After a failure the caller must stop it.
    void start() throws InterruptedException, ExecutionException, TimeoutException {
        controller.startup();
        KilledRun.forget(shared.loader(), controller.controller());
        broker.startup();
    }

    /// The broker stops first, since it announces its shutdown to the controller.
    void stop(Duration within) {
        broker.shutdown(within);
        controller.shutdown();
    }

    private ServerSocketChannel socket(String listener, InetSocketAddress address, int backlog, int bufferBytes)
            throws IOException {
        ServerSocketChannel channel;
        if (address.getPort() == port.number()) {
            channel = port.channel();
        } else if (address.getPort() == controllerPort.number()) {
            channel = controllerPort.channel();
        } else {
            // The one for clients on other machines, whose port is never free to choose.
            channel = ServerSocketChannel.open().bind(address, backlog);
        }
        channel.configureBlocking(false);
        return channel;
    }
}
