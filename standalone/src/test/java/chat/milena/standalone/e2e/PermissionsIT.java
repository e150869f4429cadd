package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.ChildProcess;
import chat.milena.bench.cluster.Cluster;
import chat.milena.bench.cluster.ClusterSettings;
import chat.milena.bench.cluster.ServerPrograms;
import chat.milena.gateway.SeparateGateway;
import chat.milena.push.PushWorker;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.standalone.RanCommand;
import chat.milena.syncapi.SeparateSyncApi;
import chat.milena.topology.WriteSide;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A cluster whose brokers are reached by TLS and passwords, and permit each service just what `milena topics acls`
/// prints: everything works, and a service that lacks any of it does not start.
class PermissionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String MATCH = "the topics match their specification";
    private static final TopicCatalogue TOPICS =
            new TopicCatalogue(Sizing.CLUSTER.withPartitions(4), ShippedSchemas.load());

    private static final Map<String, TopicAccess> SERVICES = new LinkedHashMap<>(Map.of(
            "sequencer", WriteSide.sequencerAccess(TOPICS),
            "fanout", WriteSide.fanoutAccess(TOPICS),
            "moderation", WriteSide.moderationAccess(TOPICS),
            "gateway", SeparateGateway.access(TOPICS),
            "sync-api", SeparateSyncApi.access(TOPICS),
            "push-worker", PushWorker.access(TOPICS)));

    @TempDir
    Path folder;

    @Test
    void servicesWorkWithWhatIsPermittedToThemAndRefuseToStartWithLess() throws Exception {
        List<String> users = new ArrayList<>(SERVICES.keySet());
        users.addAll(List.of("broker", "topics"));
        SaslTls access = SaslTls.in(Files.createDirectory(folder.resolve("access")), users);
        try (Cluster cluster = Cluster.started(
                        ServerPrograms.ofThisProcess(), folder.resolve("cluster"), ClusterSettings.oneOfEach(access));
                Admin admin = Admin.create(KafkaClients.of(cluster.bootstrapServers(), access.ofOperator())
                        .admin())) {
            List<AclBinding> all = new ArrayList<>(TopicAccess.permissionsToCreate("topics"));
            SERVICES.forEach((service, needs) -> all.addAll(needs.permissions(service)));
            admin.createAcls(all).all().get();

            cluster.launchServices();
            chats(cluster);
            for (String service : SERVICES.keySet()) {
                refusesLess(service, cluster, admin);
            }
        }
    }

    private static void chats(Cluster cluster) throws Exception {
        try (Tenant home = new Tenant(cluster.url(), cluster.folder(), "default")) {
            String conversation = home.direct("alice", "bob");
            assertThat(home.posts("alice", conversation, "message-by-tls", "hello")
                            .status())
                    .isEqualTo(201);
            Rest.Answer page = home.rest()
                    .call("GET", "/api/v1/conversations/" + conversation + "/messages", home.tokenOf("bob"), "");
            assertThat(page.text()).contains("message-by-tls");
        }
        for (String service : cluster.services()) {
            assertThat(cluster.process(service).lines())
                    .as(service)
                    .noneMatch(line -> line.contains("uthoriz") || line.contains("failed"));
        }
    }

    private static void refusesLess(String service, Cluster cluster, Admin admin) throws Exception {
        Map<String, AclBinding> oneOfEachKind = new LinkedHashMap<>();
        SERVICES.get(service).permissions(service).stream()
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

    private static List<String> check(String service, Cluster cluster) {
        return RanCommand.of(cluster.environment(service), "topics", "check", "--for", service)
                .out();
    }
}
