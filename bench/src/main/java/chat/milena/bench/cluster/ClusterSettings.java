package chat.milena.bench.cluster;

import java.util.List;
import java.util.Map;

/// What a cluster consists of.
///
/// @param gateways as many as there are of them; the same for the others
/// @param environment settings of all services
public record ClusterSettings(
        int gateways,
        int sequencers,
        int fanouts,
        int syncApis,
        int pushWorkers,
        int moderations,
        int partitions,
        Access access,
        Map<String, String> environment) {

    public ClusterSettings {
        environment = Map.copyOf(environment);
    }

    /// Two of each service, and one moderation.
    public static ClusterSettings twoOfEach() {
        return new ClusterSettings(2, 2, 2, 2, 2, 1, 4, Access.OPEN, Map.of());
    }

    public ClusterSettings with(Map<String, String> otherEnvironment) {
        return new ClusterSettings(
                gateways,
                sequencers,
                fanouts,
                syncApis,
                pushWorkers,
                moderations,
                partitions,
                access,
                otherEnvironment);
    }

    public ClusterSettings withPartitions(int other) {
        return new ClusterSettings(
                gateways, sequencers, fanouts, syncApis, pushWorkers, moderations, other, access, environment);
    }

    /// One of each service, with other ways to reach the brokers.
    public static ClusterSettings oneOfEach(Access access) {
        return new ClusterSettings(1, 1, 1, 1, 1, 1, 4, access, Map.of());
    }

    /// How many there are of each command, in the order in which they start.
    List<Map.Entry<String, Integer>> counts() {
        return List.of(
                Map.entry("sequencer", sequencers),
                Map.entry("fanout", fanouts),
                Map.entry("sync-api", syncApis),
                Map.entry("gateway", gateways),
                Map.entry("moderation", moderations),
                Map.entry("push-worker", pushWorkers));
    }
}
