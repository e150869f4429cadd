package chat.milena.standalone.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.ChildProcess;
import chat.milena.bench.cluster.FreePorts;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.standalone.broker.BrokerLogin;
import chat.milena.standalone.broker.BrokerOptions;
import chat.milena.standalone.broker.ElsewhereListener;
import chat.milena.standalone.broker.EmbeddedKafka;
import chat.milena.standalone.e2e.ServerJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int INTERRUPT = 2;

    @TempDir
    Path folder;

    @Test
    void runStopsCleanlyOnRequestAndStartsAgainAfterAKill() throws Exception {
        try (ChildProcess first = up()) {
            awaitReady(first);
            first.terminate();
            assertThat(first.exitCode()).as("%s", first.lines()).isZero();
            assertThat(first.lines()).last().isEqualTo("stopping");
        }
        try (ChildProcess second = up()) {
            awaitReady(second);
            second.kill();
        }
        try (ChildProcess third = up()) {
            awaitReady(third);
            if (heedsInterrupt()) {
                third.interrupt();
            } else {
                third.terminate();
            }
            assertThat(third.exitCode()).as("%s", third.lines()).isZero();
            assertThat(third.lines()).last().isEqualTo("stopping");
        }
    }

    @Test
    void secondRunOnTheSameFolderIsRefusedAndHarmsNothing() throws Exception {
        try (ChildProcess first = up()) {
            awaitReady(first);
            try (ChildProcess second = up()) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.lines()).singleElement().asString().contains("in use by another run (process ");
            }
            assertThat(first.isAlive()).isTrue();
            first.terminate();
            assertThat(first.exitCode()).as("%s", first.lines()).isZero();
        }
    }

    @Test
    void requestToStopWhileStartingIsHeeded() throws Exception {
        try (ChildProcess run = up()) {
            await().atMost(PATIENCE).until(() -> run.printed("Milena"));
            run.terminate();
            assertThat(run.exitCode()).as("%s", run.lines()).isZero();
            assertThat(run.lines()).containsOnlyOnce("stopping");
        }
    }

    /// The broker of the cluster listens for other machines too, for those who read.
    @Test
    void runUsesBrokersElsewhereWhereTheyAreNamed() throws Exception {
        Path data = folder.resolve("data");
        int port = FreePorts.take(1).getFirst();
        String address = "127.0.0.2:" + port;
        BrokerLogin login = new BrokerLogin(new Secret("a-password-of-the-tests-that-is-long-enough"));
        BrokerLogin reader = BrokerLogin.ofReaders(new Secret("another-password-of-those-who-only-read"));
        BrokerOptions options =
                new BrokerOptions(false, new BrokerOptions.Elsewhere(ElsewhereListener.parse(address, ""), reader));
        try (EmbeddedKafka kafka = new EmbeddedKafka(folder.resolve("elsewhere"), login, OptionalInt.of(0), options)) {
            kafka.start();
            Map<String, String> environment = new HashMap<>(
                    Map.of("MILENA_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(), "MILENA_SIZING", "small"));
            login.clientProperties()
                    .forEach((name, value) -> environment.put(
                            "MILENA_KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_'), value));
            try (ChildProcess run = up(data, environment)) {
                awaitReady(run);
                run.terminate();
                assertThat(run.exitCode()).as("%s", run.lines()).isZero();
            }
            try (Admin admin = Admin.create(
                    KafkaClients.of(address, reader.clientProperties()).admin())) {
                assertThat(admin.describeCluster().nodes().get())
                        .extracting(Node::host, Node::port)
                        .containsExactly(tuple("127.0.0.2", port));
                assertThat(admin.listTopics().names().get())
                        .contains("chat.messages.v1")
                        .allMatch(topic -> topic.startsWith("chat."));
            }
            kafka.stop(PATIENCE);
        }
        assertThat(data.resolve("kafka")).doesNotExist();
    }

    private ChildProcess up() throws IOException {
        return up(folder, Map.of());
    }

    private static ChildProcess up(Path data, Map<String, String> environment) throws IOException {
        return ServerJvm.start(List.of("up", "--data", data.toString(), "--port", "0"), environment);
    }

    private static void awaitReady(ChildProcess run) {
        await().atMost(PATIENCE).until(() -> run.printed("ready in") || !run.isAlive());
        assertThat(run.lines()).anyMatch(line -> line.startsWith("ready in"));
        assertThat(readyz(run)).isEqualTo(200);
    }

    /// Whether Ctrl-C means something here: what a shell starts in the background ignores it, and so do its children.
    private static boolean heedsInterrupt() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return false;
        }
        long ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .mapToLong(line -> Long.parseUnsignedLong(
                        line.substring("SigIgn:".length()).strip(), 16))
                .findFirst()
                .orElse(-1);
        return (ignored & 1L << (INTERRUPT - 1)) == 0;
    }

    /// What `/readyz` says, at the address that was printed.
    private static int readyz(ChildProcess run) {
        String rest = run.lines().stream()
                .map(String::strip)
                .filter(line -> line.startsWith("REST "))
                .findFirst()
                .orElseThrow();
        URI readyz = URI.create(rest.substring("REST ".length()).strip()).resolve("/readyz");
        HttpRequest request = HttpRequest.newBuilder(readyz)
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(PATIENCE)
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
