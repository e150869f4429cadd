package chat.milena.standalone.e2e;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.cluster.BrokerNetwork;
import chat.milena.bench.cluster.ClusterSettings;
import chat.milena.bench.cluster.Places;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The clusters of the load tool, by which `docs/failure-modes.md` is measured, have the settings of
/// `docker-compose.yml`. Each one that differs has its reason here.
class ComposedDeploymentTest {
    private static final List<String> SERVICES =
            List.of("sequencer-1", "fanout-1", "moderation-1", "push-worker-1", "sync-api-1", "gateway-1");
    private static final String FILE = "_FILE";
    private static final String ONE_ADDRESS = "all clients have one address";
    private static final String ONE_MACHINE = "all processes are on one machine";
    private static final String NO_PROXY = "there is no proxy, and no browser";

    /// Settings that only one of them has, or with another value.
    private static final Map<String, String> REASONS = Map.ofEntries(
            entry("log.dirs", "the folders are formatted by the tool"),
            entry("advertised.listeners", "the listeners have the addresses themselves"),
            entry("min.insync.replicas", "topics of ours must not depend on that of the brokers"),
            entry("MILENA_PARTITIONS", "two processors have all the work"),
            entry("MILENA_SCHEMA_REGISTRY_URL", "it measures the ids of the release, as most clusters have them"),
            entry("MILENA_REDIS_URL", "its Redis is open to this machine alone, and has no password"),
            entry("MILENA_OPERATOR_BIND", ONE_MACHINE),
            entry("MILENA_OPERATOR_PORT", ONE_MACHINE),
            entry("MILENA_INTERNAL_BIND", ONE_MACHINE),
            entry("MILENA_INTERNAL_HOST", ONE_MACHINE),
            entry("MILENA_DRAIN_NOTICE", NO_PROXY),
            entry("MILENA_TRUSTED_PROXIES", NO_PROXY),
            entry("MILENA_PUBLIC_URL", NO_PROXY),
            entry("MILENA_WEB", NO_PROXY),
            entry("MILENA_RATE_CONNECTIONS_PER_SECOND", ONE_ADDRESS),
            entry("MILENA_RATE_ADDRESS_CONNECTIONS_PER_SECOND", ONE_ADDRESS),
            entry("MILENA_RATE_TENANT_MESSAGES_PER_SECOND", ONE_ADDRESS),
            entry("MILENA_RATE_READS_PER_SECOND", ONE_ADDRESS),
            entry("MILENA_STRANGERS_PER_ADDRESS", ONE_ADDRESS));

    @Test
    void loadToolHasTheSettingsOfTheFileButForTheseReasons(@TempDir Path folder) throws Exception {
        Places places = new Places(folder, BrokerNetwork.loopback());
        ComposedDeployment composed = new ComposedDeployment(ComposeFile.read(), Map.of());
        ClusterSettings tool = ClusterSettings.twoOfEach();
        Set<String> differing = new TreeSet<>();
        for (int id = 1; id <= 3; id++) {
            differing.addAll(differences(composed.broker(id, places), tool.broker(id, places)));
        }
        Set<String> ofTheFile = new TreeSet<>();
        SERVICES.forEach(name -> ofTheFile.addAll(
                named(composed.service(name, places).environment()).keySet()));
        for (String name : SERVICES) {
            Map<String, String> inFile = named(composed.service(name, places).environment());
            Map<String, String> inTool = named(tool.service(name, places).environment());
            // The tool gives each service the settings of all.
            inTool.keySet().removeIf(setting -> ofTheFile.contains(setting) && !inFile.containsKey(setting));
            differing.addAll(differences(inFile, inTool));
        }

        assertThat(differing).containsExactlyInAnyOrderElementsOf(REASONS.keySet());
    }

    private static Set<String> differences(Map<String, String> some, Map<String, String> others) {
        Set<String> names = new TreeSet<>(some.keySet());
        names.addAll(others.keySet());
        names.removeIf(name -> Objects.equals(some.get(name), others.get(name)));
        return names;
    }

    /// A secret may be set itself or by its file, which is elsewhere.
    private static Map<String, String> named(Map<String, String> environment) {
        Map<String, String> named = new HashMap<>();
        environment.forEach((name, value) -> {
            if (name.endsWith(FILE)) {
                named.put(name.substring(0, name.length() - FILE.length()), "in a file");
            } else {
                named.put(name, value);
            }
        });
        return named;
    }
}
