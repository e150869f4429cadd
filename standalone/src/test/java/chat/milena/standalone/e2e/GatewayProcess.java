package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.ChildProcess;
import chat.milena.bench.cluster.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/// A [SecondGateway] in a process of its own, which can be killed, stalled and started again on the port that it keeps.
final class GatewayProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String READY = "the other gateway is ready";

    private final int port = FreePorts.take(1).getFirst();
    private final RunningMilena milena;
    private final String redisUrl;
    private final Set<String> members;
    private final Map<String, String> settings;
    private ChildProcess run;

    /// Started.
    ///
    /// @param members of every conversation
    /// @param settings its environment
    GatewayProcess(RunningMilena milena, String redisUrl, Set<String> members, Map<String, String> settings)
            throws IOException {
        this.milena = milena;
        this.redisUrl = redisUrl;
        this.members = members;
        this.settings = settings;
        this.run = launch();
        awaitReadiness();
    }

    int port() {
        return port;
    }

    /// Ends it as a crash does.
    void kill9() throws InterruptedException {
        run.kill();
    }

    /// Starts it again and waits until it is ready.
    void start() throws IOException {
        run = launch();
        awaitReadiness();
    }

    void freeze() throws IOException, InterruptedException {
        run.freeze();
    }

    void thaw() throws IOException, InterruptedException {
        run.thaw();
    }

    List<String> lines() {
        return run.lines();
    }

    private ChildProcess launch() throws IOException {
        return ChildProcess.start(
                GatewayProcess.class,
                List.of(
                        Integer.toString(port),
                        milena.kafka().bootstrapServers(),
                        milena.data().toString(),
                        redisUrl,
                        String.join(",", members)),
                settings);
    }

    private void awaitReadiness() {
        await().atMost(PATIENCE).until(() -> run.printed(READY) || !run.isAlive());
        assertThat(run.isAlive()).as("it runs; it printed %s", run.lines()).isTrue();
    }

    @Override
    public void close() {
        run.close();
    }

    /// Runs until it is killed.
    public static void main(String[] arguments) throws Exception {
        Path data = Path.of(arguments[2]);
        SecondGateway.Place place = new SecondGateway.Place(
                Integer.parseInt(arguments[0]),
                RunningMilena.kafka(arguments[1], data),
                data,
                arguments[3],
                System.getenv());
        SecondGateway gateway = new SecondGateway(place, Set.of(arguments[4].split(",")));
        System.out.println(READY + " on port " + gateway.port());
        new CountDownLatch(1).await();
    }
}
