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

/// The controller and the broker of the only node, put together as Kafka's own server does it, but with a step between
/// the two: the broker of a run that was killed is forgotten before this run's broker comes.
///
/// The controller cannot know that a broker which left without a word is dead, so it keeps every other one out until
/// the session of the first ends. Here it is known: who starts this node holds the folder alone, so no earlier run can
/// be alive. Started once and stopped once.
final class KafkaNode {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaNode.class);

    private final HeldPort port;
    private final HeldPort controllerPort;
    private final SharedServer shared;
    private final ControllerServer controller;
    private final BrokerServer broker;

    /// @param config of a formatted folder
    /// @param port of the broker, taken over with its channel
    /// @param controllerPort taken over as well
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

    /// Returns when the broker serves clients. After a failure it is to be stopped.
    void start() throws InterruptedException, ExecutionException, TimeoutException {
        controller.startup();
        KilledRun.forget(shared.loader(), controller.controller());
        broker.startup();
    }

    /// The broker first: it takes leave of the controller.
    void stop(Duration within) {
        broker.shutdown(within);
        controller.shutdown();
    }

    private ServerSocketChannel socket(String listener, InetSocketAddress address, int backlog, int bufferBytes)
            throws IOException {
        HeldPort held = address.getPort() == port.number() ? port : controllerPort;
        ServerSocketChannel channel = held.channel();
        channel.configureBlocking(false);
        return channel;
    }
}
