package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.Access;
import chat.milena.bench.cluster.ChildProcess;
import chat.milena.bench.cluster.Cluster;
import chat.milena.bench.cluster.ClusterSettings;
import chat.milena.bench.cluster.FreePorts;
import chat.milena.bench.cluster.ServerPrograms;
import chat.milena.bench.cluster.TcpBalancer;
import chat.milena.bench.faults.Fault;
import chat.milena.bench.faults.FaultResult;
import chat.milena.bench.faults.FaultRun;
import chat.milena.bench.faults.FaultSettings;
import chat.milena.bench.replay.Pace;
import chat.milena.bench.replay.ReplayOptions;
import chat.milena.bench.replay.Transcript;
import chat.milena.bench.report.Progress;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// Two of each service as processes of their own, on three brokers: nothing that was acked is lost, doubled or
/// renumbered, and reads are answered, while one of each is killed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SeparateProcessesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LINES_EACH = 150;
    private static final int PER_SECOND = 60;
    private static final int PARTITIONS = 2;
    private static final FaultSettings SMALL = new FaultSettings(
            60,
            60,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(3),
            Duration.ofSeconds(2),
            Duration.ofSeconds(1));

    private Path folder;

    private Cluster cluster;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        cluster = Cluster.start(
                ServerPrograms.ofThisProcess(),
                folder.resolve("cluster"),
                // Those that share work, twice; what neither sends nor reads is left out.
                new ClusterSettings(
                        2,
                        2,
                        1,
                        2,
                        0,
                        0,
                        PARTITIONS,
                        Access.OPEN,
                        Map.of("MILENA_LARGE_GROUP_FROM", Integer.toString(SMALL.large()))));
    }

    @AfterAll
    void stop() throws Exception {
        cluster.close();
    }

    /// The shortest set of faults; `./milena bench faults` has all of them.
    @Order(1)
    @Test
    void faultsUnderLoadBreakNothing() throws Exception {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        FaultRun run = new FaultRun(cluster, SMALL, new Progress(nowhere, false));
        for (Fault fault : Fault.few()) {
            FaultResult result = run.run(fault);

            System.out.println(result);
            assertThat(result.clean()).as("%s %s", result, cluster.printed()).isTrue();
        }
    }

    @Order(2)
    @Test
    void killsOfOneOfEachServiceLoseNothingAndDoubleNothing() throws Exception {
        try (Tenant home = new Tenant(cluster.url(), cluster.folder(), "default");
                ExecutorService beside = Executors.newSingleThreadExecutor()) {
            String conversation = readsThroughEachGateway(home);
            talk(home, conversation, beside);
        }
        assertThat(cluster.stop("gateway-2")).isZero();
        assertThat(cluster.stop("sequencer-2")).isZero();
        assertThat(cluster.stop("sync-api-2")).isZero();
    }

    /// As a forgotten setting has it.
    @Order(3)
    @Test
    void laterOfTwoWithOneInstanceIdTakesThePlaceOfTheEarlierOneWhichStops() throws Exception {
        ChildProcess earlier = cluster.process("fanout-1");
        List<String> command =
                List.of("fanout", "--state", folder.resolve("later").toString());
        try (ChildProcess later = cluster.run("fanout", command, Map.of("MILENA_INSTANCE_ID", "1"))) {
            assertThat(earlier.exitCode()).as("%s", earlier.lines()).isEqualTo(1);
            assertThat(earlier.lines()).anyMatch(line -> line.contains("Another process runs fanout"));
            await().atMost(PATIENCE).until(() -> later.printed("operators on port"));
        }
    }

    /// A message by one gateway is read by the other, over HTTP and by a frame.
    private String readsThroughEachGateway(Tenant home) throws Exception {
        String conversation = home.direct("alice", "bob");
        assertThat(home.posts("alice", conversation, "first-message-1", "hello").status())
                .isEqualTo(201);
        for (URI gateway : cluster.gateways()) {
            try (Tenant here = new Tenant(gateway, cluster.folder(), "default")) {
                Rest.Answer page = here.rest()
                        .call(
                                "GET",
                                "/api/v1/conversations/" + conversation + "/messages?limit=1",
                                here.tokenOf("bob"),
                                "");
                assertThat(page.status()).as(page.text()).isEqualTo(200);
                assertThat(page.body()
                                .path("messages")
                                .path(0)
                                .path("messageId")
                                .asText())
                        .isEqualTo("first-message-1");
                Rest.Answer poll = here.rest().call("GET", "/poll?route=any&wait=0", here.tokenOf("bob"), "");
                assertThat(poll.body().at("/frames/0/route").asText())
                        .as(poll.text())
                        .matches("s[01]");
                Rest.Answer unknown = here.rest().call("GET", "/api/v1/nothing/here", here.tokenOf("bob"), "");
                assertThat(unknown.status()).isEqualTo(404);
                Rest.Answer out = here.rest().call("GET", "/api/v1/../../internal/v1/views", here.tokenOf("bob"), "");
                assertThat(out.status()).as(out.text()).isEqualTo(404);
                Rest.Answer denied =
                        here.rest().call("GET", "/api/v1/conversations/" + conversation, here.tokenOf("mallory"), "");
                assertThat(denied.status()).as(denied.text()).isEqualTo(404);
            }
        }
        return conversation;
    }

    private void talk(Tenant home, String conversation, ExecutorService beside) throws Exception {
        List<Transcript> transcripts = List.of(
                Transcripts.made("first", 8, LINES_EACH, 3),
                Transcripts.made("second", 3, LINES_EACH, 4),
                Transcripts.made("third", 2, LINES_EACH, 5));
        int lines = transcripts.size() * LINES_EACH;
        Path acks = folder.resolve("acks.jsonl");
        ReplayOptions options = ReplayOptions.of(cluster.url(), home.tokens(), transcripts)
                .withPace(new Pace.Rate(PER_SECOND))
                .verifyingByResend();
        Future<Replayed> replay = beside.submit(() -> Replayed.run(options, acks));

        awaitAcks(lines / 4, acks, replay);
        cluster.kill9("gateway-1");
        cluster.kill9("sync-api-1");
        for (int i = 0; i < 10; i++) {
            Rest.Answer members = home.rest()
                    .call("GET", "/api/v1/conversations/" + conversation + "/members", home.tokenOf("alice"), "");
            assertThat(members.status()).as(members.text()).isEqualTo(200);
        }
        awaitAcks(lines / 2, acks, replay);
        cluster.kill9("sequencer-1");
        Replayed replayed = replay.get(2, TimeUnit.MINUTES);

        replayed.assertClean();
        replayed.assertHeldBy(log());
    }

    /// All messages, as any other reader of Kafka sees them.
    private MessageLog log() {
        return MessageLog.of(
                KafkaClients.of(cluster.bootstrapServers(), Map.of()),
                new TopicCatalogue(Sizing.CLUSTER.withPartitions(PARTITIONS), ShippedSchemas.load()));
    }

    private static void awaitAcks(int count, Path acks, Future<?> replay) {
        await().atMost(PATIENCE).until(() -> Replayed.ackedSoFar(acks) >= count || replay.isDone());
        assertThat(replay.isDone())
                .as("the replay is over before %s acks", count)
                .isFalse();
    }
}
