package chat.milena.bench.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A cluster by the number of each service. Its settings are those of `docker-compose.yml`, but for the limits
/// of clients, which would bound a load from one address.
///
/// @param gateways as many as there are of them; the same for the others
/// @param environment settings of all services; with `kafka.` before its name, a setting of all brokers
public record ClusterSettings(
        int gateways,
        int sequencers,
        int fanouts,
        int syncApis,
        int pushWorkers,
        int moderations,
        int partitions,
        Access access,
        Map<String, String> environment)
        implements Deployment {
    private static final String GATEWAY = "gateway";
    private static final String SYNC_API = "sync-api";
    private static final String TOPICS = "topics";
    private static final String OF_BROKERS = "kafka.";
    private static final int INTERNAL_PORT = 9101;

    /// Settings of gateways for a load that comes from one address.
    public static final Map<String, String> UNLIMITED = Map.of(
            "MILENA_RATE_CONNECTIONS_PER_SECOND", "0",
            "MILENA_RATE_ADDRESS_CONNECTIONS_PER_SECOND", "0",
            "MILENA_RATE_TENANT_MESSAGES_PER_SECOND", "0",
            "MILENA_RATE_READS_PER_SECOND", "0",
            "MILENA_STRANGERS_PER_ADDRESS", "2000");

    public ClusterSettings {
        environment = Map.copyOf(environment);
    }

    /// Two of each service, and one moderation.
    public static ClusterSettings twoOfEach() {
        return new ClusterSettings(2, 2, 2, 2, 2, 1, 4, Access.OPEN, Map.of());
    }

    public ClusterSettings with(Map<String, String> otherEnvironment) {
        return new ClusterSettings(
                gateways,
                sequencers,
                fanouts,
                syncApis,
                pushWorkers,
                moderations,
                partitions,
                access,
                otherEnvironment);
    }

    public ClusterSettings withPartitions(int other) {
        return new ClusterSettings(
                gateways, sequencers, fanouts, syncApis, pushWorkers, moderations, other, access, environment);
    }

    /// One of each service, with other ways to reach the brokers.
    public static ClusterSettings oneOfEach(Access access) {
        return new ClusterSettings(1, 1, 1, 1, 1, 1, 4, access, Map.of());
    }

    /// The names of all members, those that start first at first.
    public List<String> members() {
        return Cluster.members(this);
    }

    /// How many there are of each command, in the order in which they start.
    private List<Map.Entry<String, Integer>> counts() {
        return List.of(
                Map.entry("sequencer", sequencers),
                Map.entry("fanout", fanouts),
                Map.entry(SYNC_API, syncApis),
                Map.entry(GATEWAY, gateways),
                Map.entry("moderation", moderations),
                Map.entry("push-worker", pushWorkers));
    }

    @Override
    public void makeSecrets(Places places) throws IOException {
        ClusterFiles.make(places.folder());
    }

    @Override
    public Map<String, String> broker(int id, Places places) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(id));
        settings.put("listeners", "BROKER://:9092,CONTROLLER://:9093");
        settings.put("inter.broker.listener.name", "BROKER");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("controller.quorum.voters", "1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093");
        for (String name :
                List.of("default", "offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            settings.put(name + ".replication.factor", "3");
        }
        // Not that of all topics: those of ours must not depend on it.
        for (String name : List.of("transaction.state.log.min.isr", "share.coordinator.state.topic.min.isr")) {
            settings.put(name, "2");
        }
        settings.put("auto.create.topics.enable", "false");
        settings.put("log.message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        settings.put("add.partitions.to.txn.retry.backoff.ms", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.min.session.timeout.ms", "1000");
        settings.put("broker.session.timeout.ms", "4000");
        settings.put("broker.heartbeat.interval.ms", "1000");
        settings.put("controller.quorum.fetch.timeout.ms", "1000");
        settings.put("request.timeout.ms", "5000");
        settings.put("controller.socket.timeout.ms", "5000");
        settings.put("socket.connection.setup.timeout.ms", "2000");
        settings.put("socket.connection.setup.timeout.max.ms", "4000");
        settings.replaceAll((name, value) -> places.local(Brokers.host(id), value));
        settings.putAll(access.ofBrokers());
        environment.forEach((name, value) -> {
            if (name.startsWith(OF_BROKERS)) {
                settings.put(name.substring(OF_BROKERS.length()), value);
            }
        });
        return settings;
    }

    @Override
    public List<String> brokerClassPath() {
        return access.brokerClassPath();
    }

    @Override
    public List<String> redis(Path program, Places places) {
        return List.of(
                program.toString(),
                "--port",
                Integer.toString(places.port(Cluster.REDIS, Cluster.REDIS_PORT)),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no");
    }

    @Override
    public List<String> services() {
        List<String> names = new ArrayList<>();
        counts().forEach(kind -> names.addAll(names(kind.getKey(), kind.getValue())));
        return names;
    }

    private static List<String> names(String kind, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> kind + "-" + i).toList();
    }

    @Override
    public Service service(String name, Places places) {
        if (name.equals(TOPICS)) {
            return new Service(List.of(TOPICS, "create"), environment(TOPICS, places));
        }
        String kind = name.substring(0, name.lastIndexOf('-'));
        int id = Integer.parseInt(name.substring(kind.length() + 1));
        Map<String, String> settings = environment(kind, places);
        settings.put("MILENA_INSTANCE_ID", Integer.toString(id));
        List<String> arguments = new ArrayList<>(List.of(kind));
        if (kind.equals(GATEWAY)) {
            arguments.addAll(List.of("--port", Integer.toString(places.port(name, Cluster.GATEWAY_PORT))));
        } else {
            arguments.addAll(List.of("--state", places.folder().resolve(name).toString()));
        }
        if (kind.equals("push-worker")) {
            arguments.add("--push-log");
        }
        if (kind.equals(SYNC_API)) {
            // Each has a whole copy of the views, and knows the others.
            arguments.addAll(List.of("--port", "0"));
            settings.put("MILENA_VIEWS_COPY", String.valueOf((char) ('a' + id - 1)));
            settings.put("MILENA_INTERNAL_PORT", Integer.toString(places.port(name, INTERNAL_PORT)));
            List<String> peers = new ArrayList<>(names(SYNC_API, syncApis));
            peers.remove(name);
            settings.put("MILENA_SYNC_PEERS", places.local(internal(peers)));
        }
        return new Service(arguments, settings);
    }

    @Override
    public Map<String, String> environment(String user, Places places) {
        Map<String, String> settings = new HashMap<>(ClusterFiles.settings(places.folder()));
        settings.put("MILENA_KAFKA_BOOTSTRAP_SERVERS", places.local(Brokers.BOOTSTRAP));
        settings.put("MILENA_SIZING", "cluster");
        settings.put("MILENA_PARTITIONS", Integer.toString(partitions));
        settings.put("MILENA_REDIS_URL", places.local("redis://redis:6379"));
        settings.put("MILENA_OPERATOR_PORT", "0");
        settings.put("MILENA_SYNC_API_URLS", places.local(internal(names(SYNC_API, syncApis))));
        settings.put("MILENA_DRAIN_NOTICE", "100ms");
        settings.put("MILENA_TAKEOVER_AFTER", "3s");
        settings.put("MILENA_KAFKA_REQUEST_TIMEOUT_MS", "5000");
        settings.put("MILENA_KAFKA_SOCKET_CONNECTION_SETUP_TIMEOUT_MS", "2000");
        settings.put("MILENA_KAFKA_SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS", "4000");
        settings.putAll(UNLIMITED);
        settings.putAll(environment);
        settings.keySet().removeIf(name -> name.startsWith(OF_BROKERS));
        settings.putAll(access.ofClients(user));
        return settings;
    }

    private static String internal(List<String> names) {
        return names.stream()
                .map(name -> "http://" + name + ":" + INTERNAL_PORT)
                .collect(Collectors.joining(","));
    }
}
