package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.schema.SchemaSource;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.standalone.ProxyConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// The cluster of `docker-compose.yml`, its processes with their settings as they are there: people chat through
/// its proxy, its health checks pass, and nothing that was acked is lost, doubled or renumbered, and reads are
/// answered, while one of each is killed.
@Tag("alone")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SeparateProcessesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LINES_EACH = 150;
    private static final int PER_SECOND = 60;
    private static final int PARTITIONS = 2;
    private static final String REGISTRY = "schema-registry";
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

    private ComposeFile compose;

    private ComposedDeployment deployment;

    private Cluster cluster;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        compose = ComposeFile.read();
        // The load comes from one address, on a machine that has all processes.
        Map<String, String> further = new HashMap<>(ClusterSettings.UNLIMITED);
        further.put("MILENA_PARTITIONS", Integer.toString(PARTITIONS));
        further.put("MILENA_LARGE_GROUP_FROM", Integer.toString(SMALL.large()));
        deployment = new ComposedDeployment(compose, further);
        cluster = Cluster.start(ServerPrograms.ofThisProcess(), folder.resolve("cluster"), deployment);
    }

    @AfterAll
    void stop() throws Exception {
        cluster.close();
    }

    /// What this test does not start is checked by others: `DeployTest` has Prometheus and Grafana.
    @Order(1)
    @Test
    void everyServiceOfTheFileIsKnownAndRunsTwiceWhereThatIsPromised() {
        assertThat(compose.services().values())
                .extracting(service -> service.image().split(":", 2)[0])
                .containsOnly(
                        "apache/kafka",
                        "redis",
                        "apicurio/apicurio-registry",
                        "milena",
                        "nginx",
                        "prom/prometheus",
                        "grafana/grafana");
        assertThat(compose.running("apache/kafka")).containsExactly("kafka-1", "kafka-2", "kafka-3");
        assertThat(cluster.services())
                .contains("gateway-2", "sequencer-2", "sync-api-2", "fanout-1", "moderation-1", "push-worker-1");
    }

    @Order(2)
    @Test
    void healthChecksPassPrometheusFindsEveryServiceAndGatewaysFindRedis() throws Exception {
        List<String> targets = new ArrayList<>();
        ComposeFile.scraped().forEach((job, addresses) -> {
            assertThat(addresses).allMatch(address -> address.startsWith(job + "-"));
            targets.addAll(addresses);
        });
        assertThat(targets)
                .containsExactlyInAnyOrderElementsOf(
                        cluster.services().stream().map(name -> name + ":9090").toList());
        List<String> checked = new ArrayList<>(cluster.services());
        checked.add(REGISTRY);
        for (String name : checked) {
            try (ChildProcess check = ChildProcess.program(deployment.healthCheck(name, cluster.places()), folder)) {
                assertThat(check.exitCode()).as("%s %s", name, check.lines()).isZero();
            }
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (String target : targets) {
                String metrics = metrics(http, target);
                assertThat(metrics).as(target).contains("jvm_memory_used_bytes", "process_files_open_files");
                if (!target.startsWith("gateway")) {
                    assertThat(metrics).as(target).contains("disk_free_bytes{", "disk_total_bytes{");
                }
            }
            for (String gateway : List.of("gateway-1:9090", "gateway-2:9090")) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(metrics(http, gateway)).contains("milena_redis_up 1.0"));
            }
        }
    }

    private String metrics(HttpClient http, String target) throws Exception {
        URI metrics = URI.create("http://" + cluster.places().local(target) + "/metrics");
        return http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                .body();
    }

    /// By the address of the start page of `docs/operations.md`. Left out where nginx is not installed.
    @Order(3)
    @Test
    void peopleChatThroughTheProxy() throws Exception {
        int port = cluster.places().port("localhost", 8443);
        Path own = Files.createDirectory(folder.resolve("nginx"));
        Process nginx =
                ProxyConfig.NGINX.start(own, port, text -> cluster.places().local(text));
        try (ProxyClient proxy = new ProxyClient(port, own.resolve("secrets/tls.crt"));
                Tenant home = new Tenant(cluster.url(), cluster.folder(), "default")) {
            proxy.awaitAnswers();
            String talk = home.direct("ann", "ben");
            List<Queue<String>> sockets = List.of(
                    proxy.socket("/ws?route=s1", home.tokenOf("ben")),
                    proxy.socket("/ws?route=s2", home.tokenOf("ben")),
                    proxy.socket("/ws", home.tokenOf("ann")));
            HttpResponse<String> sent = proxy.post(
                    "/api/v1/conversations/" + talk + "/messages",
                    home.tokenOf("ann"),
                    "{\"messageId\":\"through-the-proxy\",\"content\":{\"type\":\"text\",\"text\":\"hello\"}}");

            assertThat(sent.statusCode()).as(sent.body()).isEqualTo(201);
            for (Queue<String> frames : sockets) {
                await().atMost(PATIENCE)
                        .until(() -> frames.stream().anyMatch(frame -> frame.contains("through-the-proxy")));
            }
            assertThat(proxy.call("/api/v1/conversations/" + talk + "/messages", home.tokenOf("ben"))
                            .body())
                    .contains("through-the-proxy");
        } finally {
            nginx.destroy();
            assertThat(nginx.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /// The shortest set of faults; `./milena bench faults` has all of them.
    @Order(4)
    @Test
    void faultsUnderLoadBreakNothing() throws Exception {
        // What neither sends nor reads; the machine has enough to do.
        for (String name : List.of("push-worker-1", "moderation-1")) {
            assertThat(cluster.stop(name)).as(name).isZero();
        }
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        FaultRun run = new FaultRun(cluster, SMALL, new Progress(nowhere, false));
        for (Fault fault : Fault.few()) {
            FaultResult result = run.run(fault);

            System.out.println(result);
            assertThat(result.clean()).as("%s %s", result, cluster.printed()).isTrue();
        }
    }

    @Order(5)
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

    /// As any other program reads it, by the ids in the records alone. They are lost with the registry's topic.
    @Order(6)
    @Test
    void recordsAreReadThroughTheRegistryOfTheFileAfterAKillToo() throws Exception {
        cluster.kill9(REGISTRY);
        cluster.launch(REGISTRY);
        URI url = URI.create(cluster.environment("gateway").get("MILENA_SCHEMA_REGISTRY_URL"));
        long messages = 0;
        try (RegistryReader reader = new RegistryReader(url)) {
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(reader.answer("/config/chat.messages.v1-value")
                                    .path("compatibilityLevel")
                                    .asText())
                            .isEqualTo("BACKWARD_TRANSITIVE"));
            for (ConsumerRecord<byte[], byte[]> record : MessageLog.committed(kafka(), "chat.messages.v1")) {
                GenericRecord event = reader.read(record.value());
                assertThat(event.getSchema().getName()).isEqualTo("TimelineEvent");
                messages += event.get("message") == null ? 0 : 1;
            }
        }
        assertThat(messages).isGreaterThan(LINES_EACH);
        try (Admin admin = Admin.create(kafka().admin())) {
            assertThat(admin.describeTopics(List.of("kafkasql-journal"))
                            .topicNameValues()
                            .get("kafkasql-journal")
                            .get()
                            .partitions())
                    .allSatisfy(partition -> assertThat(partition.replicas()).hasSize(3));
        }
    }

    /// As a forgotten setting has it.
    @Order(7)
    @Test
    void laterOfTwoWithOneInstanceIdTakesThePlaceOfTheEarlierOneWhichStops() throws Exception {
        ChildProcess earlier = cluster.process("fanout-1");
        List<String> command =
                List.of("fanout", "--state", folder.resolve("later").toString());
        Map<String, String> json = Map.of("MILENA_OPERATOR_PORT", "0", "MILENA_LOG_FORMAT", "json");
        try (ChildProcess later = cluster.run("fanout", command, json)) {
            assertThat(earlier.exitCode()).as("%s", earlier.lines()).isEqualTo(1);
            assertThat(earlier.lines()).anyMatch(line -> line.contains("Another process runs fanout"));
            await().atMost(PATIENCE).until(() -> later.printed("operators on port"));
            later.terminate();
            assertThat(later.exitCode()).isZero();
            assertThat(later.lines()).hasSizeGreaterThan(1).allSatisfy(SeparateProcessesIT::isJson);
        }
        Map<String, String> wrong = Map.of("MILENA_TAKEOVER_AFTER", "soon", "MILENA_LOG_FORMAT", "json");
        try (ChildProcess refused = cluster.run("fanout", command, wrong)) {
            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(refused.lines())
                    .allSatisfy(SeparateProcessesIT::isJson)
                    .anyMatch(line -> line.contains("\"ERROR\"") && line.contains("MILENA_TAKEOVER_AFTER must be"));
        }
    }

    private static void isJson(String line) {
        assertThat(Rest.parse(line).path("formattedMessage").isTextual())
                .as(line)
                .isTrue();
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
                .withLargeFrom(SMALL.large())
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
    private MessageLog log() throws IOException, InterruptedException {
        SchemaSource schemas = SchemaSource.of(Settings.ofEnvironment(cluster.environment("gateway")));
        schemas.find();
        return MessageLog.of(kafka(), new TopicCatalogue(Sizing.CLUSTER.withPartitions(PARTITIONS), schemas.ids()));
    }

    private KafkaClients kafka() {
        return KafkaClients.of(cluster.bootstrapServers(), Map.of());
    }

    private static void awaitAcks(int count, Path acks, Future<?> replay) {
        await().atMost(PATIENCE).until(() -> Replayed.ackedSoFar(acks) >= count || replay.isDone());
        assertThat(replay.isDone())
                .as("the replay is over before %s acks", count)
                .isFalse();
    }
}
