package chat.milena.bench.cluster;

import chat.milena.bench.client.UsageFailure;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// A cluster on this machine: three brokers, a Redis, and the services, each a process of its own, behind one address
/// for clients. Its members have names: `broker-1`, `redis`, `gateway-2`. Used by one thread.
public final class Cluster implements AutoCloseable {
    static final String REDIS = "redis";
    static final int REDIS_PORT = 6379;
    static final String SCHEMA_REGISTRY = "schema-registry";
    static final int SCHEMA_REGISTRY_PORT = 8080;
    static final int GATEWAY_PORT = 8080;

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long LOOK_AGAIN_MILLIS = 100;
    private static final int HEAP_MEBIBYTES = 256;
    private static final String READY = "operators on port";
    private static final String BROKER = "broker";
    private static final String GATEWAY = "gateway-";
    private static final String TOPICS = "topics";

    private final BrokerNetwork network;
    private final Deployment deployment;
    private final Places places;
    private final Brokers brokers;
    private final List<Integer> gatewayPorts;
    private final Map<String, ChildProcess> running = new LinkedHashMap<>();
    private final Thread atExit = Thread.ofPlatform().unstarted(this::killAll);
    private final TcpBalancer front;
    private ServerPrograms programs;

    private Cluster(ServerPrograms programs, BrokerNetwork network, Path folder, Deployment deployment)
            throws IOException {
        this.programs = programs;
        this.network = network;
        this.deployment = deployment;
        this.places = new Places(folder, network);
        this.brokers = new Brokers(programs, network, deployment, places);
        this.gatewayPorts = deployment.services().stream()
                .filter(name -> name.startsWith(GATEWAY))
                .map(name -> places.port(name, GATEWAY_PORT))
                .toList();
        this.front = new TcpBalancer(gatewayPorts);
    }

    /// Starts all, and returns when each process serves.
    ///
    /// @param folder empty or missing; it holds all files of the cluster
    public static Cluster start(ServerPrograms programs, Path folder, Deployment deployment)
            throws IOException, InterruptedException {
        return start(programs, BrokerNetwork.loopback(), folder, deployment);
    }

    /// The same, with the brokers in a network that the caller closes later.
    public static Cluster start(ServerPrograms programs, BrokerNetwork network, Path folder, Deployment deployment)
            throws IOException, InterruptedException {
        Cluster cluster = started(programs, network, folder, deployment);
        try {
            cluster.launchServices();
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /// Starts the brokers, Redis and the registry of schemas alone.
    public static Cluster started(ServerPrograms programs, Path folder, Deployment deployment)
            throws IOException, InterruptedException {
        return started(programs, BrokerNetwork.loopback(), folder, deployment);
    }

    private static Cluster started(ServerPrograms programs, BrokerNetwork network, Path folder, Deployment deployment)
            throws IOException, InterruptedException {
        Cluster cluster = new Cluster(programs, network, Files.createDirectories(folder), deployment);
        Runtime.getRuntime().addShutdownHook(cluster.atExit);
        try {
            deployment.makeSecrets(cluster.places);
            cluster.brokers.format();
            for (int id = 1; id <= Brokers.COUNT; id++) {
                cluster.launch(BROKER + "-" + id);
            }
            cluster.launch(REDIS);
            cluster.awaitServing(cluster.running());
            if (!deployment.schemaRegistry(cluster.places).isEmpty()) {
                cluster.launch(SCHEMA_REGISTRY);
                cluster.awaitServing(List.of(SCHEMA_REGISTRY));
            }
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /// Makes the topics, and starts the services; returns when each serves.
    public void launchServices() throws IOException, InterruptedException {
        createTopics();
        for (String name : services()) {
            launch(name);
        }
        awaitServing(services());
    }

    /// From now on services start from other programs, and there are the topics that these need. What runs is not
    /// changed.
    public void use(ServerPrograms other) throws IOException, InterruptedException {
        programs = other;
        createTopics();
    }

    private void createTopics() throws IOException, InterruptedException {
        ChildProcess topics = start(deployment.service(TOPICS, places));
        if (topics.exitCode() != 0) {
            throw new IOException("the topics were not made: " + topics.lines());
        }
    }

    private ChildProcess start(Deployment.Service service) throws IOException {
        return programs.milena(service.arguments(), service.environment(), HEAP_MEBIBYTES);
    }

    /// The address for clients, before all gateways.
    public URI url() {
        return front.url();
    }

    /// The addresses of the gateways themselves.
    public List<URI> gateways() {
        return gatewayPorts.stream()
                .map(port -> URI.create("http://127.0.0.1:" + port))
                .toList();
    }

    public String bootstrapServers() {
        return brokers.bootstrapServers();
    }

    /// The folder with all files, its secrets under the names that `up` gives them.
    public Path folder() {
        return places.folder();
    }

    /// Where the members are.
    public Places places() {
        return places;
    }

    /// The file with the secret that signs tokens whose users are exempt from rates.
    public Path operatorSecret() {
        return ClusterFiles.operatorSecret(places.folder());
    }

    /// The names of the services, in the order in which they start.
    public List<String> services() {
        return deployment.services();
    }

    /// The names of the members that were started, those that started first at first.
    public List<String> running() {
        return List.copyOf(running.keySet());
    }

    /// The names of all members of a cluster, those that start first at first.
    static List<String> members(Deployment deployment) {
        List<String> names = new ArrayList<>();
        for (int id = 1; id <= Brokers.COUNT; id++) {
            names.add(BROKER + "-" + id);
        }
        names.add(REDIS);
        names.addAll(deployment.services());
        return names;
    }

    /// The broker that leads the controllers now.
    public String controller() {
        return BROKER + "-" + brokers.controller().orElseThrow(() -> new IllegalStateException("no controller leads"));
    }

    /// Runs any command of Milena as a user of the brokers.
    ///
    /// @param further settings
    public ChildProcess run(String user, List<String> arguments, Map<String, String> further) throws IOException {
        Map<String, String> environment = new HashMap<>(environment(user));
        environment.putAll(further);
        return programs.milena(arguments, environment, HEAP_MEBIBYTES);
    }

    /// Starts a member that is not running. It serves later.
    public void launch(String name) throws IOException {
        running.put(
                name,
                switch (kind(name)) {
                    case BROKER -> brokers.launch(brokerId(name));
                    case REDIS -> launchRedis();
                    case SCHEMA_REGISTRY -> ChildProcess.program(deployment.schemaRegistry(places), places.folder());
                    default -> start(deployment.service(name, places));
                });
    }

    private static String kind(String name) {
        return name.matches(".*-[0-9]+") ? name.substring(0, name.lastIndexOf('-')) : name;
    }

    private static int brokerId(String name) {
        return Integer.parseInt(name.substring(BROKER.length() + 1));
    }

    private ChildProcess launchRedis() throws IOException {
        Path program = places.folder().resolve("redis-server");
        return ChildProcess.program(
                deployment.redis(Files.exists(program) ? program : programs.redis(places.folder()), places),
                places.folder());
    }

    /// The settings of a process.
    ///
    /// @param user by which the brokers know it
    public Map<String, String> environment(String user) {
        return deployment.environment(user, places);
    }

    /// Returns when each of these serves.
    public void awaitServing(Collection<String> names) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (String name : names) {
            ChildProcess process = process(name);
            while (!serves(name, process)) {
                if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                    throw new UsageFailure(name + " does not serve; it printed: " + String.join("\n", process.lines()));
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
            }
        }
    }

    private boolean serves(String name, ChildProcess process) {
        return switch (kind(name)) {
            case BROKER -> brokers.accepts(brokerId(name));
            case REDIS -> Brokers.accepts("127.0.0.1", places.port(REDIS, REDIS_PORT));
            case SCHEMA_REGISTRY -> Brokers.accepts("127.0.0.1", places.port(SCHEMA_REGISTRY, SCHEMA_REGISTRY_PORT));
            default -> process.printed(READY);
        };
    }

    /// The process of a member that runs.
    public ChildProcess process(String name) {
        return Objects.requireNonNull(running.get(name), name);
    }

    public boolean isRunning(String name) {
        return running.containsKey(name);
    }

    /// Ends a member as a crash does.
    public void kill9(String name) throws InterruptedException {
        Objects.requireNonNull(running.remove(name), name).kill();
    }

    /// Asks a member to end.
    ///
    /// @return its exit code
    public int stop(String name) throws InterruptedException {
        ChildProcess process = Objects.requireNonNull(running.remove(name), name);
        process.terminate();
        return process.exitCode();
    }

    /// Cuts a broker off from everybody else, until [#mend].
    public void cut(String broker) throws IOException, InterruptedException {
        network.cut(brokerId(broker));
    }

    /// Everybody else reaches it again.
    public void mend(String broker) throws IOException, InterruptedException {
        network.mend(brokerId(broker));
    }

    /// Starts what has ended by itself, as a supervisor of processes does. It serves later.
    ///
    /// @return their names, each with its exit code and what it printed last
    public Map<String, String> relaunchEnded() throws IOException, InterruptedException {
        Map<String, String> ended = new LinkedHashMap<>();
        for (String name : running()) {
            ChildProcess process = process(name);
            if (!process.isAlive()) {
                int code = process.exitCode();
                List<String> lines = process.lines();
                ended.put(name, code + (lines.isEmpty() ? "" : ": " + lines.getLast()));
                launch(name);
            }
        }
        return ended;
    }

    /// What a member has printed.
    public List<String> printed() {
        List<String> lines = new ArrayList<>();
        running.forEach((name, process) -> process.lines().forEach(line -> lines.add(name + ": " + line)));
        return lines;
    }

    /// Services end before the brokers, all of them as in a crash.
    @Override
    public void close() throws IOException {
        killAll();
        front.close();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // It runs.
        }
    }

    private void killAll() {
        List.copyOf(running.values()).reversed().forEach(ChildProcess::close);
    }
}
