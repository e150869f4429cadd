package chat.milena.bench.cluster;

import chat.milena.bench.client.UsageFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// A cluster on this machine: three brokers, a Redis, and the services, each a process of its own, behind one address
/// for clients. Its members have names: `broker-1`, `redis`, `gateway-2`. Used by one thread.
public final class Cluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long LOOK_AGAIN_MILLIS = 100;
    private static final int HEAP_MEBIBYTES = 256;
    private static final String READY = "operators on port";
    private static final String REDIS = "redis";
    private static final String BROKER = "broker";
    private static final String GATEWAY = "gateway";
    private static final String SYNC_API = "sync-api";

    private final ServerPrograms programs;
    private final Path folder;
    private final ClusterSettings settings;
    private final ClusterFiles files;
    private final Brokers brokers;
    private final int redisPort;
    private final List<Integer> gatewayPorts;
    private final List<Integer> internalPorts;
    private final Map<String, ChildProcess> running = new LinkedHashMap<>();
    private final Thread atExit = Thread.ofPlatform().unstarted(this::killAll);
    private final TcpBalancer front;

    private Cluster(ServerPrograms programs, Path folder, ClusterSettings settings) throws IOException {
        this.programs = programs;
        this.folder = folder;
        this.settings = settings;
        this.files = ClusterFiles.in(folder);
        List<Integer> ports =
                new ArrayList<>(FreePorts.take(2 * Brokers.COUNT + 1 + settings.gateways() + settings.syncApis()));
        this.brokers = new Brokers(programs, folder, taken(ports, 2 * Brokers.COUNT));
        this.redisPort = ports.removeFirst();
        this.gatewayPorts = taken(ports, settings.gateways());
        this.internalPorts = taken(ports, settings.syncApis());
        this.front = new TcpBalancer(gatewayPorts);
    }

    private static List<Integer> taken(List<Integer> ports, int count) {
        List<Integer> head = ports.subList(0, count);
        List<Integer> taken = List.copyOf(head);
        head.clear();
        return taken;
    }

    /// Starts all, and returns when each process serves.
    ///
    /// @param folder empty or missing; it holds all files of the cluster
    public static Cluster start(ServerPrograms programs, Path folder, ClusterSettings settings)
            throws IOException, InterruptedException {
        Cluster cluster = started(programs, folder, settings);
        try {
            cluster.launchServices();
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /// Starts the brokers and Redis alone.
    public static Cluster started(ServerPrograms programs, Path folder, ClusterSettings settings)
            throws IOException, InterruptedException {
        Cluster cluster = new Cluster(programs, Files.createDirectories(folder), settings);
        Runtime.getRuntime().addShutdownHook(cluster.atExit);
        try {
            cluster.brokers.format(settings.access());
            for (int id = 1; id <= Brokers.COUNT; id++) {
                cluster.launch(BROKER + "-" + id);
            }
            cluster.launch(REDIS);
            cluster.awaitServing(List.copyOf(cluster.running.keySet()));
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /// Makes the topics, and starts the services; returns when each serves.
    public void launchServices() throws IOException, InterruptedException {
        ChildProcess topics = run("topics", List.of("topics", "create"), Map.of());
        if (topics.exitCode() != 0) {
            throw new IOException("the topics were not made: " + topics.lines());
        }
        for (String name : services()) {
            launch(name);
        }
        awaitServing(services());
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
        return folder;
    }

    /// The file with the secret that signs tokens whose users are exempt from rates.
    public Path operatorSecret() {
        return files.operatorSecret();
    }

    /// The names of the services, in the order in which they start.
    public List<String> services() {
        List<String> names = new ArrayList<>();
        settings.counts().forEach(kind -> {
            for (int i = 1; i <= kind.getValue(); i++) {
                names.add(kind.getKey() + "-" + i);
            }
        });
        return names;
    }

    /// The names of all members, those that start first at first.
    public SequencedSet<String> members() {
        SequencedSet<String> names = new LinkedHashSet<>();
        for (int id = 1; id <= Brokers.COUNT; id++) {
            names.add(BROKER + "-" + id);
        }
        names.add(REDIS);
        names.addAll(services());
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
        Map<String, String> environment = environment(user);
        environment.putAll(further);
        return programs.milena(arguments, environment, HEAP_MEBIBYTES);
    }

    /// Starts a member that is not running. It serves later.
    public void launch(String name) throws IOException {
        String kind = kind(name);
        int id = name.equals(kind) ? 1 : Integer.parseInt(name.substring(kind.length() + 1));
        running.put(
                name,
                switch (kind) {
                    case BROKER -> brokers.launch(id);
                    case REDIS -> launchRedis();
                    default -> launchService(name, kind, id);
                });
    }

    private static String kind(String name) {
        return name.matches(".*-[0-9]+") ? name.substring(0, name.lastIndexOf('-')) : name;
    }

    private ChildProcess launchRedis() throws IOException {
        Path program = folder.resolve("redis-server");
        return ChildProcess.program(
                List.of(
                        (Files.exists(program) ? program : programs.redis(folder)).toString(),
                        "--port",
                        Integer.toString(redisPort),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--appendonly",
                        "no"),
                folder);
    }

    private ChildProcess launchService(String name, String kind, int id) throws IOException {
        Map<String, String> environment = environment(kind);
        environment.put("MILENA_INSTANCE_ID", Integer.toString(id));
        List<String> arguments = new ArrayList<>(List.of(kind));
        if (kind.equals(GATEWAY)) {
            arguments.addAll(List.of("--port", Integer.toString(gatewayPorts.get(id - 1))));
        } else {
            arguments.addAll(List.of("--state", folder.resolve(name).toString()));
        }
        if (kind.equals("push-worker")) {
            arguments.add("--push-log");
        }
        if (kind.equals(SYNC_API)) {
            // Each has a whole copy of the views, and knows the others.
            arguments.addAll(List.of("--port", "0"));
            environment.put("MILENA_VIEWS_COPY", String.valueOf((char) ('a' + id - 1)));
            environment.put("MILENA_INTERNAL_PORT", Integer.toString(internalPorts.get(id - 1)));
            environment.put(
                    "MILENA_SYNC_PEERS",
                    internal(internalPorts.stream()
                            .filter(port -> !port.equals(internalPorts.get(id - 1)))
                            .toList()));
        }
        return programs.milena(arguments, environment, HEAP_MEBIBYTES);
    }

    /// The settings of a process.
    ///
    /// @param user by which the brokers know it
    public Map<String, String> environment(String user) {
        Map<String, String> environment = new HashMap<>(files.settings());
        environment.put("MILENA_KAFKA_BOOTSTRAP_SERVERS", brokers.bootstrapServers());
        environment.put("MILENA_SIZING", "cluster");
        environment.put("MILENA_PARTITIONS", Integer.toString(settings.partitions()));
        environment.put("MILENA_REDIS_URL", "redis://127.0.0.1:" + redisPort);
        environment.put("MILENA_OPERATOR_PORT", "0");
        environment.put("MILENA_SYNC_API_URLS", internal(internalPorts));
        environment.put("MILENA_DRAIN_NOTICE", "100ms");
        environment.put("MILENA_TAKEOVER_AFTER", "3s");
        environment.put("MILENA_KAFKA_REQUEST_TIMEOUT_MS", "5000");
        // The load comes from one address.
        for (String rate : List.of("CONNECTIONS", "ADDRESS_CONNECTIONS", "TENANT_MESSAGES", "READS")) {
            environment.put("MILENA_RATE_" + rate + "_PER_SECOND", "0");
        }
        environment.put("MILENA_STRANGERS_PER_ADDRESS", "2000");
        environment.putAll(settings.environment());
        environment.putAll(settings.access().ofClients(user));
        return environment;
    }

    private static String internal(Collection<Integer> ports) {
        return ports.stream().map(port -> "http://127.0.0.1:" + port).collect(Collectors.joining(","));
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
            case BROKER -> accepts(brokers.port(Integer.parseInt(name.substring(BROKER.length() + 1))));
            case REDIS -> accepts(redisPort);
            default -> process.printed(READY);
        };
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
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
