package chat.milena.bench.cluster;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Three brokers, which are controllers too: each record on all of them, two must have it. Their settings are those
/// of `deploy/docker-compose.yml`, in small.
final class Brokers {
    static final int COUNT = 3;

    private static final int HEAP_MEBIBYTES = 320;
    private static final String CLUSTER_ID = "bWlsZW5hLWluLXNtYWxsLi4";
    private static final JsonMapper JSON = new JsonMapper();

    private final ServerPrograms programs;
    private final Path folder;
    private final List<Integer> ports;

    /// @param ports two for each broker: those for clients first
    Brokers(ServerPrograms programs, Path folder, List<Integer> ports) {
        this.programs = programs;
        this.folder = folder;
        this.ports = List.copyOf(ports);
    }

    String bootstrapServers() {
        return ports.stream().limit(COUNT).map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    /// The port for clients of a broker.
    int port(int id) {
        return ports.get(id - 1);
    }

    /// Makes the folders of all, as Kafka's own tool does.
    void format(Access access) throws IOException, InterruptedException {
        List<ChildProcess> formatting = new ArrayList<>();
        for (int id = 1; id <= COUNT; id++) {
            List<String> lines = new ArrayList<>();
            settings(id, access).forEach((name, value) -> lines.add(name + "=" + value));
            Files.write(file(id), lines);
            formatting.add(programs.kafka(
                    "kafka.tools.StorageTool",
                    List.of("format", "-t", CLUSTER_ID, "-c", file(id).toString()),
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
        return programs.kafka("kafka.Kafka", List.of(file(id).toString()), HEAP_MEBIBYTES);
    }

    /// The id of the broker that leads the controllers, as each of them has noted; empty while there is none.
    OptionalInt controller() {
        return IntStream.rangeClosed(1, COUNT)
                .mapToObj(id -> folder.resolve("broker-" + id + "/__cluster_metadata-0/quorum-state"))
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
        return folder.resolve("broker-" + id + ".properties");
    }

    private Map<String, String> settings(int id, Access access) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(id));
        settings.put(
                "listeners", "BROKER://127.0.0.1:" + port(id) + ",CONTROLLER://127.0.0.1:" + ports.get(COUNT + id - 1));
        settings.put("inter.broker.listener.name", "BROKER");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put(
                "controller.quorum.voters",
                IntStream.rangeClosed(1, COUNT)
                        .mapToObj(other -> other + "@127.0.0.1:" + ports.get(COUNT + other - 1))
                        .collect(Collectors.joining(",")));
        settings.put("log.dirs", folder.resolve("broker-" + id).toString());
        for (String name :
                List.of("default", "offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            settings.put(name + ".replication.factor", Integer.toString(COUNT));
        }
        // Not that of all topics: those of ours must not depend on it.
        for (String name : List.of("transaction.state.log.min.isr", "share.coordinator.state.topic.min.isr")) {
            settings.put(name, "2");
        }
        settings.put("offsets.topic.num.partitions", "4");
        settings.put("transaction.state.log.num.partitions", "4");
        settings.put("auto.create.topics.enable", "false");
        settings.put("log.message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        settings.put("add.partitions.to.txn.retry.backoff.ms", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.min.session.timeout.ms", "1000");
        settings.put("broker.session.timeout.ms", "4000");
        settings.put("broker.heartbeat.interval.ms", "1000");
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
        settings.put("log.index.size.max.bytes", Integer.toString(1 << 20));
        settings.put("num.io.threads", "3");
        settings.put("num.network.threads", "2");
        settings.put("metric.reporters", "");
        settings.putAll(access.ofBrokers());
        return settings;
    }
}
