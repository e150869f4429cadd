package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.ChildProcess;
import chat.milena.bench.cluster.FreePorts;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.standalone.broker.BrokerLogin;
import chat.milena.standalone.up.DataFolder;
import chat.milena.standalone.up.DataFolderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/// `milena up` in a process of its own, on a throw-away folder and free ports that it keeps over its restarts.
///
/// As an extension of a test class it is ready before the first test and gone after the last; what it printed is told
/// when a test fails.
final class RunningMilena implements BeforeAllCallback, AfterAllCallback, TestWatcher {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// A session far longer than any start may take, even on a busy machine, so that who waited for one to end would be
    /// seen. No limit on connections, since all clients of a test come from one address, and come fast; nor on what
    /// their one tenant sends, nor on what one user reads.
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "MILENA_KAFKA_STREAMS_CONSUMER_SESSION_TIMEOUT_MS",
            "120000",
            "MILENA_RATE_CONNECTIONS_PER_SECOND",
            "0",
            "MILENA_RATE_ADDRESS_CONNECTIONS_PER_SECOND",
            "0",
            "MILENA_RATE_TENANT_MESSAGES_PER_SECOND",
            "0",
            "MILENA_RATE_READS_PER_SECOND",
            "0",
            // One address holds as many strangers as the crowds of a test begin with.
            "MILENA_STRANGERS_PER_ADDRESS",
            "2000");

    private final int port;
    private final int kafkaPort;
    private final int operatorPort;
    private final Map<String, String> settings = new HashMap<>(ENVIRONMENT);
    private List<String> startedBy = List.of();
    private final List<ChildProcess> runs = new ArrayList<>();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final Path folder = newFolder();

    /// How a run ended, and how long that took.
    record Stopped(int exitCode, Duration took) {}

    RunningMilena() {
        List<Integer> ports = FreePorts.take(3);
        port = ports.get(0);
        kafkaPort = ports.get(1);
        operatorPort = ports.get(2);
        settings.put("MILENA_OPERATOR_PORT", Integer.toString(operatorPort));
    }

    /// The same with another setting, from its next start on.
    RunningMilena with(String name, String value) {
        settings.put(name, value);
        return this;
    }

    /// The same with so many file handles, from its next start on.
    RunningMilena withHandles(int count) {
        startedBy = List.of("sh", "-c", "ulimit -n " + count + " && exec \"$@\"", "sh");
        return this;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        remove();
    }

    /// Ends it, and deletes its folder.
    void remove() throws IOException, InterruptedException {
        if (!runs.isEmpty()) {
            kill9();
        }
        http.close();
        deleteFolder();
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        System.err.println(context.getDisplayName() + " failed; " + printed());
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /// Where operators and their tools connect.
    URI operators() {
        return URI.create("http://127.0.0.1:" + operatorPort);
    }

    /// The process of the latest run.
    long pid() {
        return runs.getLast().pid();
    }

    int port() {
        return port;
    }

    /// Clients of its broker, once that has run.
    KafkaClients kafka() {
        return kafka("127.0.0.1:" + kafkaPort, data());
    }

    /// Clients of the broker there, of this data folder.
    static KafkaClients kafka(String bootstrapServers, Path data) {
        try {
            BrokerLogin login = new BrokerLogin(DataFolder.existing(data).kafkaPassword());
            return KafkaClients.of(bootstrapServers, login.clientProperties());
        } catch (DataFolderException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Its data folder.
    Path data() {
        return folder.resolve("data");
    }

    /// A path beside its data folder that goes with it.
    Path scratch(String name) {
        return folder.resolve(name);
    }

    /// Starts it and waits until it is ready.
    ///
    /// @return how long that took, the start of the process included
    Duration start() throws IOException {
        long begun = System.nanoTime();
        ChildProcess run = ServerJvm.start(
                startedBy,
                List.of(
                        "up",
                        "--data",
                        data().toString(),
                        "--port",
                        Integer.toString(port),
                        "--kafka-port",
                        Integer.toString(kafkaPort)),
                settings);
        runs.add(run);
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> isReady() || !run.isAlive());
        assertThat(run.isAlive()).as("it runs; %s", printed()).isTrue();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /// Ends it as a crash does; when this returns it is gone.
    void kill9() throws InterruptedException {
        runs.getLast().kill();
    }

    /// Stops its process for a while, as a machine that stalls does.
    void freezeFor(Duration span) throws IOException, InterruptedException {
        runs.getLast().freeze();
        await().pollDelay(span).atMost(span.plus(PATIENCE)).until(() -> true);
        runs.getLast().thaw();
    }

    /// Asks it to end, as Ctrl-C does, and waits for that.
    Stopped stop() throws InterruptedException {
        long begun = System.nanoTime();
        runs.getLast().terminate();
        int exitCode = runs.getLast().exitCode();
        return new Stopped(exitCode, Duration.ofNanos(System.nanoTime() - begun));
    }

    /// Whether `/readyz` says so.
    boolean isReady() {
        HttpRequest request = HttpRequest.newBuilder(url().resolve("/readyz"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// What `/readyz` says to operators; empty where it says nothing.
    String readiness() {
        URI readyz = operators().resolve("/readyz");
        HttpRequest request =
                HttpRequest.newBuilder(readyz).timeout(Duration.ofSeconds(5)).build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /// What the latest run has printed so far.
    List<String> lines() {
        return runs.getLast().lines();
    }

    private String printed() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < runs.size(); i++) {
            text.append("run ").append(i + 1).append(" printed:\n");
            runs.get(i).lines().forEach(line -> text.append("  ").append(line).append('\n'));
        }
        return text.toString();
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("milena-e2e");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void deleteFolder() throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
