package chat.milena.bench.cluster;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Three brokers, which are controllers too: each record on all of them, two must have it.
final class Brokers {
    static final int COUNT = 3;
    static final String HOST = "kafka-";
    static final String BOOTSTRAP = "kafka-1:9092,kafka-2:9092,kafka-3:9092";

    private static final int PORT = 9092;
    private static final int HEAP_MEBIBYTES = 320;
    private static final int CONNECT_WITHIN_MILLIS = 1_000;
    private static final String CLUSTER_ID = "bWlsZW5hLWluLXNtYWxsLi4";
    private static final JsonMapper JSON = new JsonMapper();

    /// For a machine that has all of them, and more.
    private static final Map<String, String> SMALL = Map.of(
            "offsets.topic.num.partitions", "4",
            "transaction.state.log.num.partitions", "4",
            "log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20),
            "log.index.size.max.bytes", Integer.toString(1 << 20),
            "num.io.threads", "3",
            "num.network.threads", "2",
            "metric.reporters", "");

    private final ServerPrograms programs;
    private final Deployment deployment;
    private final Places places;
    private final BrokerNetwork network;

    Brokers(ServerPrograms programs, BrokerNetwork network, Deployment deployment, Places places) {
        this.programs = programs;
        this.network = network;
        this.deployment = deployment;
        this.places = places;
    }

    /// The name of the machine that a broker has elsewhere.
    static String host(int id) {
        return HOST + id;
    }

    String bootstrapServers() {
        return places.local(BOOTSTRAP);
    }

    /// Whether clients can connect to a broker.
    boolean accepts(int id) {
        return accepts(network.address(host(id)), places.port(host(id), PORT));
    }

    /// Whether something listens there.
    static boolean accepts(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port), CONNECT_WITHIN_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Makes the folders of all, as Kafka's own tool does.
    void format() throws IOException, InterruptedException {
        List<ChildProcess> formatting = new ArrayList<>();
        for (int id = 1; id <= COUNT; id++) {
            Map<String, String> settings = new TreeMap<>(deployment.broker(id, places));
            settings.putAll(SMALL);
            settings.put("log.dirs", folder(id).toString());
            Files.write(
                    file(id),
                    settings.entrySet().stream()
                            .map(one -> one.getKey() + "=" + one.getValue())
                            .toList());
            formatting.add(programs.kafka(
                    List.of(),
                    "kafka.tools.StorageTool",
                    List.of("format", "-t", CLUSTER_ID, "-c", file(id).toString()),
                    deployment.brokerClassPath(),
                    HEAP_MEBIBYTES));
        }
        for (ChildProcess one : formatting) {
            if (one.exitCode() != 0) {
                throw new IOException("a broker's folder was not formatted: " + one.lines());
            }
        }
    }

    /// Starts a broker that is not running.
    ChildProcess launch(int id) throws IOException {
        return programs.kafka(
                network.by(id),
                "kafka.Kafka",
                List.of(file(id).toString()),
                deployment.brokerClassPath(),
                HEAP_MEBIBYTES);
    }

    /// The id of the broker that leads the controllers, as each of them has noted; empty while there is none.
    OptionalInt controller() {
        return IntStream.rangeClosed(1, COUNT)
                .mapToObj(id -> folder(id).resolve("__cluster_metadata-0/quorum-state"))
                .filter(Files::exists)
                .map(Brokers::quorum)
                .filter(quorum -> quorum.leader > 0)
                .max((a, b) -> Integer.compare(a.epoch, b.epoch))
                .map(quorum -> OptionalInt.of(quorum.leader))
                .orElseGet(OptionalInt::empty);
    }

    private record Quorum(int leader, int epoch) {}

    private static Quorum quorum(Path file) {
        try {
            var state = JSON.readTree(file.toFile());
            return new Quorum(
                    state.path("leaderId").asInt(-1), state.path("leaderEpoch").asInt(-1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(int id) {
        return places.folder().resolve("broker-" + id + ".properties");
    }

    private Path folder(int id) {
        return places.folder().resolve("broker-" + id);
    }
}
