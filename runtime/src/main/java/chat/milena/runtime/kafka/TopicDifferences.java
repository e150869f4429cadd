package chat.milena.runtime.kafka;

import chat.milena.schemas.topic.TopicSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/// How an existing topic differs from its entry in the catalogue. Pure.
///
/// @param layout differences in where records are, which no setting can change; one line each, for operators
/// @param repairs settings that decide whether records live; only an operator may have them changed
/// @param alterations settings that may be changed at any time
record TopicDifferences(List<String> layout, List<Alteration> repairs, List<Alteration> alterations) {

    /// A setting that gets another value.
    record Alteration(String topic, String setting, String from, String to) {
        @Override
        public String toString() {
            return topic + " has " + setting + " " + from + " instead of " + to;
        }

        String done() {
            return topic + " now has " + setting + " " + to + " instead of " + from;
        }
    }

    static TopicDifferences of(TopicSpec<?, ?> spec, TopicDescription description, Config config) {
        int replicas = description.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        return new TopicDifferences(
                layout(spec, description.partitions().size(), replicas),
                repairs(spec, replicas, config),
                alterations(spec, config));
    }

    /// The differences that keep a process from starting, one a line.
    List<String> refused() {
        List<String> all = new ArrayList<>(layout);
        repairs.forEach(repair -> all.add(repair.toString()));
        return all;
    }

    private static List<String> layout(TopicSpec<?, ?> spec, int partitions, int replicas) {
        List<String> found = new ArrayList<>();
        if (partitions != spec.partitions()) {
            found.add(differs(spec, "partitions", partitions, spec.partitions()));
        }
        if (replicas < spec.replicationFactor()) {
            found.add(differs(spec, "replication factor", replicas, spec.replicationFactor()));
        }
        return found;
    }

    private static List<Alteration> repairs(TopicSpec<?, ?> spec, int replicas, Config config) {
        List<Alteration> found = new ArrayList<>();
        String cleanup = value(config, TopicConfig.CLEANUP_POLICY_CONFIG);
        String wanted = spec.cleanup().policy();
        if (cleanup != null && !policies(cleanup).equals(policies(wanted))) {
            found.add(new Alteration(spec.name(), TopicConfig.CLEANUP_POLICY_CONFIG, cleanup, wanted));
        }
        long minInsync = number(config, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, spec.minInsyncReplicas());
        // If it exceeds the number of replicas, the topic rejects writes.
        if (minInsync < spec.minInsyncReplicas() || minInsync > replicas) {
            found.add(new Alteration(
                    spec.name(),
                    TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                    Long.toString(minInsync),
                    Integer.toString(spec.minInsyncReplicas())));
        }
        if ("true".equals(value(config, TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG))) {
            found.add(new Alteration(spec.name(), TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "true", "false"));
        }
        return found;
    }

    private static List<Alteration> alterations(TopicSpec<?, ?> spec, Config config) {
        List<Alteration> found = new ArrayList<>();
        String retention = value(config, TopicConfig.RETENTION_MS_CONFIG);
        if (spec.retention() != null && retention != null) {
            String wanted = Long.toString(spec.retention().toMillis());
            if (!retention.equals(wanted)) {
                found.add(new Alteration(spec.name(), TopicConfig.RETENTION_MS_CONFIG, retention, wanted));
            }
        }
        raise(found, spec, config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, spec.batchBytesMax());
        raise(found, spec, config, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, Long.MAX_VALUE);
        lower(found, spec, config, TopicConfig.SEGMENT_MS_CONFIG);
        lower(found, spec, config, TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG);
        lower(found, spec, config, TopicConfig.FILE_DELETE_DELAY_MS_CONFIG);
        return found;
    }

    /// A lower value than we need does no harm.
    private static void lower(List<Alteration> found, TopicSpec<?, ?> spec, Config config, String setting) {
        String wanted = spec.settings().get(setting);
        if (wanted == null) {
            return;
        }
        long is = number(config, setting, 0);
        if (is > Long.parseLong(wanted)) {
            found.add(new Alteration(spec.name(), setting, Long.toString(is), wanted));
        }
    }

    /// A higher value than we need does no harm: an operator may have a reason.
    private static void raise(
            List<Alteration> found, TopicSpec<?, ?> spec, Config config, String setting, long wanted) {
        long is = number(config, setting, wanted);
        if (is < wanted) {
            found.add(new Alteration(spec.name(), setting, Long.toString(is), Long.toString(wanted)));
        }
    }

    private static String differs(TopicSpec<?, ?> spec, String what, Object is, Object wanted) {
        return spec.name() + " has " + what + " " + is + " instead of " + wanted;
    }

    /// A broker reports nothing for a setting that its version does not know.
    private static @Nullable String value(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null ? null : entry.value();
    }

    private static long number(Config config, String name, long without) {
        String value = value(config, name);
        return value == null ? without : Long.parseLong(value);
    }

    private static Set<String> policies(String cleanup) {
        return new TreeSet<>(Arrays.asList(cleanup.split(",")));
    }
}
