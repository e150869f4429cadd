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

/// How an existing topic differs from what the catalogue says of it. Pure.
///
/// @param refused what only an operator can change, since it decides where records are and whether they live; for
/// people
/// @param alterations what may be changed at any time
record TopicDifferences(List<String> refused, List<Alteration> alterations) {

    /// A setting that gets another value.
    record Alteration(String setting, String from, String to) {}

    static TopicDifferences of(TopicSpec<?, ?> spec, TopicDescription description, Config config) {
        return new TopicDifferences(refused(spec, description, config), alterations(spec, config));
    }

    private static List<String> refused(TopicSpec<?, ?> spec, TopicDescription description, Config config) {
        List<String> found = new ArrayList<>();
        int partitions = description.partitions().size();
        if (partitions != spec.partitions()) {
            found.add(differs(spec, "partitions", partitions, spec.partitions()));
        }
        int replicas = description.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        if (replicas < spec.replicationFactor()) {
            found.add(differs(spec, "replication factor", replicas, spec.replicationFactor()));
        }
        String cleanup = value(config, TopicConfig.CLEANUP_POLICY_CONFIG);
        String wanted = spec.cleanup().policy();
        if (cleanup != null && !policies(cleanup).equals(policies(wanted))) {
            found.add(differs(spec, TopicConfig.CLEANUP_POLICY_CONFIG, cleanup, wanted));
        }
        long minInsync = number(config, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, spec.minInsyncReplicas());
        if (minInsync < spec.minInsyncReplicas()) {
            found.add(differs(spec, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, minInsync, spec.minInsyncReplicas()));
        } else if (minInsync > replicas) {
            found.add(spec.name() + " has min.insync.replicas " + minInsync + " but only " + replicas
                    + " replicas, so it takes no writes");
        }
        return found;
    }

    private static List<Alteration> alterations(TopicSpec<?, ?> spec, Config config) {
        List<Alteration> found = new ArrayList<>();
        String retention = value(config, TopicConfig.RETENTION_MS_CONFIG);
        if (spec.retention() != null && retention != null) {
            String wanted = Long.toString(spec.retention().toMillis());
            if (!retention.equals(wanted)) {
                found.add(new Alteration(TopicConfig.RETENTION_MS_CONFIG, retention, wanted));
            }
        }
        raise(found, config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, spec.batchBytesMax());
        raise(found, config, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, Long.MAX_VALUE);
        return found;
    }

    /// More than we need does no harm: an operator may have a reason.
    private static void raise(List<Alteration> found, Config config, String setting, long wanted) {
        long is = number(config, setting, wanted);
        if (is < wanted) {
            found.add(new Alteration(setting, Long.toString(is), Long.toString(wanted)));
        }
    }

    private static String differs(TopicSpec<?, ?> spec, String what, Object is, Object wanted) {
        return spec.name() + " has " + what + " " + is + " instead of " + wanted;
    }

    /// A broker tells nothing of a setting that its version does not know.
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
