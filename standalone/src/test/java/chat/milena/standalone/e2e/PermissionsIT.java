package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.ChildProcess;
import chat.milena.bench.cluster.Cluster;
import chat.milena.bench.cluster.ClusterSettings;
import chat.milena.bench.cluster.ServerPrograms;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.LogStart;
import chat.milena.runtime.kafka.LogStarts;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.standalone.RanCommand;
import chat.milena.standalone.e2e.AuditingAuthorizer.Use;
import chat.milena.standalone.operate.NamedAccess;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A cluster whose brokers are reached by TLS and passwords, and permit each service and each command of an operator
/// just what `milena topics acls` prints. The brokers note what was done and what was denied while everything is used
/// once: nothing was denied, and nothing is permitted that nobody needed. A service that lacks any of it does not
/// start.
class PermissionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String MATCH = "the topics match their specification";
    private static final TopicCatalogue TOPICS =
            new TopicCatalogue(Sizing.CLUSTER.withPartitions(4), ShippedSchemas.load());
    private static final byte[] NONSENSE = {1, 2, 3};

    private static final String RULES = """
            {"rules":[
              {"name":"bad","kind":"words","words":["casino"],"action":"remove"},
              {"name":"new","kind":"links","action":"flag"},
              {"name":"again","kind":"repeats","times":2,"within":"1h","action":"flag"}],
             "newAccounts":"1h",
             "classifier":{"url":"ORIGIN/classify","deadline":"10s","onFailure":"pass"}}""";

    /// How the answers of a classifier are recorded: by a group and transactions of their own.
    private static final String[] CLASSIFIED = {
        "allowed moderation READ GROUP milena-moderation-classifier",
        "allowed moderation WRITE TRANSACTIONAL_ID milena-moderation-classifier-1"
    };

    /// Needed only in cases that this test does not make.
    private static final Set<String> RARE = Set.of(
            // When an old version of the views is deleted.
            "sync-api DELETE milena-views",
            // When pushes that a provider has refused are sent again.
            "push READ chat.push.v1",
            // When a provider says that a device is gone.
            "push-worker WRITE chat.user-commands.v1");

    private final Map<String, TopicAccess> users = users();

    @TempDir
    Path folder;

    private String origin = "";

    private static Map<String, TopicAccess> users() {
        Map<String, TopicAccess> users = new LinkedHashMap<>();
        NamedAccess.ALL.forEach(name -> users.put(name, Objects.requireNonNull(NamedAccess.of(name, TOPICS))));
        return users;
    }

    @Test
    void everythingWorksWithWhatIsPermittedAndNothingMoreIs() throws Exception {
        List<String> names = new ArrayList<>(users.keySet());
        names.addAll(List.of("broker", "topics"));
        SaslTls access = SaslTls.in(Files.createDirectory(folder.resolve("access")), names);
        HttpServer classifier = classifier();
        origin = "http://127.0.0.1:" + classifier.getAddress().getPort();
        ClusterSettings settings = ClusterSettings.oneOfEach(access)
                .with(Map.of(
                        "MILENA_LARGE_GROUP_FROM", "3",
                        "MILENA_FCM_PROJECTS", "demo",
                        "MILENA_PUSH_HOLD", "1s",
                        "MILENA_WEBHOOK_ALLOW", origin));
        try (Cluster cluster = Cluster.started(ServerPrograms.ofThisProcess(), folder.resolve("cluster"), settings);
                Admin admin = Admin.create(clients(cluster, access).admin())) {
            List<AclBinding> all = new ArrayList<>(TopicAccess.permissionsToCreate("topics"));
            users.forEach((user, needs) -> all.addAll(needs.permissions(user)));
            admin.createAcls(all).all().get();

            begin(cluster, access);
            cluster.launchServices();
            useEverything(cluster, access);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(unused(all, access)).isEmpty());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(AuditingAuthorizer.uses(access.audit()))
                            .extracting(Use::toString)
                            .contains(CLASSIFIED));
            assertThat(AuditingAuthorizer.uses(access.audit()))
                    .filteredOn(Use::denied)
                    .isEmpty();
            for (String service : cluster.services()) {
                refusesLess(service.substring(0, service.lastIndexOf('-')), cluster, admin);
            }
        } finally {
            classifier.stop(0);
        }
    }

    /// It flags each message.
    private static HttpServer classifier() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] answer = "{\"action\":\"flag\"}".getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, answer.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(answer);
            }
        });
        server.start();
        return server;
    }

    /// A log with an earlier start: where there is none, services do not read it.
    private static void begin(Cluster cluster, SaslTls access) throws Exception {
        operate(cluster, "topics", Map.of(), "topics", "create");
        LogStart earlier = new LogStart("earlier", "1", 1, List.of(0L, 0L, 0L, 0L));
        new LogStarts(clients(cluster, access), PATIENCE).append(earlier, List.of());
    }

    private static KafkaClients clients(Cluster cluster, SaslTls access) {
        return KafkaClients.of(cluster.bootstrapServers(), access.ofOperator());
    }

    private void useEverything(Cluster cluster, SaslTls access) throws Exception {
        Path rules = Files.writeString(folder.resolve("rules.json"), RULES.replace("ORIGIN", origin));
        operate(cluster, "moderation-rules", Map.of(), "moderation", "rules", "put", rules.toString());
        operate(cluster, "moderation-rules", Map.of(), "moderation", "rules", "show");
        String direct;
        try (Tenant home = new Tenant(cluster.url(), cluster.folder(), "default")) {
            direct = new EverythingOnce(home).run();
        }
        ChildProcess worker = cluster.process("push-worker-1");
        await().atMost(PATIENCE).until(() -> worker.printed("push fcm to bob"));
        operate(cluster, "push", Map.of(), "push", "test", "bob");
        operate(cluster, "push", Map.of(), "push", "refused");
        operate(
                cluster,
                "push",
                Map.of("MILENA_PUSH_KEYS_FILE", newerKeys(cluster).toString()),
                "push",
                "rekey");
        poison(clients(cluster, access));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(operate(cluster, "dead-letters", Map.of(), "dead-letters", "list"))
                        .hasSize(5));
        operate(cluster, "dead-letters", Map.of(), "dead-letters", "resend", "--all");
        operate(cluster, "explain", Map.of(), "explain", "--user", "alice", "--conversation", direct);
        for (String retention : List.of("29d", "30d")) {
            operate(cluster, "topics", Map.of("MILENA_RETENTION", retention), "topics", "create");
        }
        for (String user : users.keySet()) {
            assertThat(check(user, cluster)).as(user).containsExactly(MATCH);
        }
    }

    /// Runs a command that must succeed.
    private static List<String> operate(Cluster cluster, String user, Map<String, String> further, String... command) {
        Map<String, String> environment = new HashMap<>(cluster.environment(user));
        environment.putAll(further);
        RanCommand ran = RanCommand.of(environment, command);
        assertThat(ran.code()).as("%s", ran).isZero();
        return ran.out();
    }

    private Path newerKeys(Cluster cluster) throws IOException {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return Files.writeString(
                folder.resolve("newer.keys"),
                "k2:" + Base64.getUrlEncoder().withoutPadding().encodeToString(key) + "\n"
                        + Files.readString(cluster.folder().resolve("push.keys")));
    }

    /// Records that nobody can read, one for each application that has dead letters.
    private static void poison(KafkaClients clients) throws Exception {
        ConversationKey talk = new ConversationKey("default", "grp_poison");
        UserKey user = new UserKey("default", "poison");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(clients.producer(Map.of()), new ByteArraySerializer(), new ByteArraySerializer())) {
            poison(producer, TOPICS.inbound(), talk);
            poison(producer, TOPICS.userCommands(), user);
            poison(producer, TOPICS.fanout(), talk);
            poison(producer, TOPICS.sends(), user);
            poison(producer, TOPICS.deliveries(), new ShardKey(0));
        }
    }

    private static <K extends LogKey> void poison(KafkaProducer<byte[], byte[]> producer, TopicSpec<K, ?> topic, K key)
            throws Exception {
        producer.send(new ProducerRecord<>(topic.name(), topic.partitionOf(key), key.toBytes(), NONSENSE))
                .get();
    }

    /// What is permitted to users, and was not needed.
    private List<String> unused(List<AclBinding> permitted, SaslTls access) throws IOException {
        List<Use> uses = AuditingAuthorizer.uses(access.audit());
        return permitted.stream()
                .filter(binding -> uses.stream().noneMatch(use -> !use.denied() && use.needs(binding)))
                .map(PermissionsIT::shown)
                .filter(shown -> !RARE.contains(shown))
                .toList();
    }

    private static String shown(AclBinding binding) {
        return String.join(
                " ",
                binding.entry().principal().substring("User:".length()),
                binding.entry().operation().name(),
                binding.pattern().name());
    }

    private void refusesLess(String service, Cluster cluster, Admin admin) throws Exception {
        Map<String, AclBinding> oneOfEachKind = new LinkedHashMap<>();
        Objects.requireNonNull(users.get(service)).permissions(service).stream()
                // Needed only when an old version of the views is deleted.
                .filter(binding -> binding.entry().operation() != AclOperation.DELETE)
                .forEach(binding -> oneOfEachKind.put(
                        binding.entry().operation() + " " + binding.pattern().resourceType() + " "
                                + binding.pattern().patternType(),
                        binding));
        for (AclBinding binding : oneOfEachKind.values()) {
            admin.deleteAcls(List.of(binding.toFilter())).all().get();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(check(service, cluster))
                            .as("%s without %s", service, binding)
                            .anyMatch(line -> line.startsWith("no permission")
                                    || line.endsWith(binding.pattern().name() + " is missing")));
            if (service.equals("gateway") && binding.pattern().name().equals("chat.user-commands.v1")) {
                refusesToStart(cluster);
            }
            admin.createAcls(List.of(binding)).all().get();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(check(service, cluster)).containsExactly(MATCH));
        }
    }

    private static void refusesToStart(Cluster cluster) throws Exception {
        try (ChildProcess gateway = cluster.run("gateway", List.of("gateway", "--port", "0"), Map.of())) {
            assertThat(gateway.exitCode()).isEqualTo(1);
            assertThat(gateway.lines())
                    .filteredOn(line -> line.startsWith("milena: "))
                    .last()
                    .isEqualTo("milena: no permission to write to chat.user-commands.v1");
        }
    }

    private static List<String> check(String user, Cluster cluster) {
        return RanCommand.of(cluster.environment(user), "topics", "check", "--for", user)
                .out();
    }
}
