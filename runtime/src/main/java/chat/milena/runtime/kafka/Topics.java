package chat.milena.runtime.kafka;

import chat.milena.schemas.topic.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the topics of the catalogue, and refuses to run on topics that differ from it.
///
/// Partition counts and cleanup decide where records are and whether they live: a topic that differs is never changed
/// here, since only an operator can know what to do with what is in it.
public final class Topics {
    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
    private static final Duration POLL_EVERY = Duration.ofMillis(20);

    private final Admin admin;
    private final long deadlineNanos;

    private Topics(Admin admin, Duration within) {
        this.admin = admin;
        this.deadlineNanos = System.nanoTime() + within.toNanos();
    }

    /// Makes those of `specs` that are missing, checks those that exist and waits until all can be used.
    ///
    /// Several processes may do so at the same time.
    ///
    /// @throws TopicException if existing topics differ (the message lists every difference, nothing was made), or
    ///     Kafka did not do its part within the time
    public static void provision(Collection<TopicSpec<?, ?>> specs, Admin admin, Duration within)
            throws TopicException, InterruptedException {
        Topics topics = new Topics(admin, within);
        try {
            topics.provision(specs);
        } catch (TimeoutException e) {
            throw new TopicException("Kafka did not have the topics ready within " + within.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new TopicException("cannot prepare topics: " + cause.getMessage(), cause);
        }
    }

    private void provision(Collection<TopicSpec<?, ?>> specs)
            throws TopicException, InterruptedException, ExecutionException, TimeoutException {
        Map<String, TopicDescription> existing = describe(names(specs));
        check(specs, existing);
        List<TopicSpec<?, ?>> missing = specs.stream()
                .filter(spec -> !existing.containsKey(spec.name()))
                .toList();
        create(missing);
        awaitUsable(names(specs));
        // Another process may have made some of them meanwhile, and from another catalogue.
        check(missing, describe(names(missing)));
    }

    private void create(List<TopicSpec<?, ?>> missing)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (missing.isEmpty()) {
            return;
        }
        List<NewTopic> newTopics = missing.stream()
                .map(spec -> new NewTopic(spec.name(), spec.partitions(), (short) spec.replicationFactor())
                        .configs(spec.settings()))
                .toList();
        for (KafkaFuture<Void> created : admin.createTopics(newTopics).values().values()) {
            try {
                await(created);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
        LOG.debug("made {} topics", missing.size());
    }

    /// The broker answers a creation before every partition has a leader that takes records.
    private void awaitUsable(Set<String> names) throws InterruptedException, ExecutionException, TimeoutException {
        while (true) {
            Map<String, TopicDescription> described = describe(names);
            if (described.size() == names.size() && described.values().stream().allMatch(Topics::hasLeaders)) {
                return;
            }
            if (System.nanoTime() >= deadlineNanos) {
                throw new TimeoutException();
            }
            TimeUnit.NANOSECONDS.sleep(POLL_EVERY.toNanos());
        }
    }

    private static boolean hasLeaders(TopicDescription description) {
        for (TopicPartitionInfo partition : description.partitions()) {
            Node leader = partition.leader();
            if (leader == null || leader.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private Map<String, TopicDescription> describe(Set<String> names)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, TopicDescription> described = new HashMap<>();
        for (var entry : admin.describeTopics(names).topicNameValues().entrySet()) {
            try {
                described.put(entry.getKey(), await(entry.getValue()));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return described;
    }

    private void check(Collection<TopicSpec<?, ?>> specs, Map<String, TopicDescription> existing)
            throws TopicException, InterruptedException, ExecutionException, TimeoutException {
        List<ConfigResource> resources = existing.keySet().stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<ConfigResource, Config> configs =
                await(admin.describeConfigs(resources).all());
        List<String> mismatches = new ArrayList<>();
        for (TopicSpec<?, ?> spec : specs) {
            TopicDescription description = existing.get(spec.name());
            Config config = configs.get(new ConfigResource(ConfigResource.Type.TOPIC, spec.name()));
            if (description != null && config != null) {
                mismatches.addAll(mismatches(spec, description, config));
            }
        }
        if (!mismatches.isEmpty()) {
            throw new TopicException("existing topics are not as they must be: " + String.join("; ", mismatches));
        }
    }

    private static List<String> mismatches(TopicSpec<?, ?> spec, TopicDescription description, Config config) {
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
        if (!policies(cleanup).equals(policies(spec.cleanup().policy()))) {
            found.add(differs(
                    spec,
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    cleanup,
                    spec.cleanup().policy()));
        }
        if (spec.retention() != null) {
            String retention = value(config, TopicConfig.RETENTION_MS_CONFIG);
            String wanted = Long.toString(spec.retention().toMillis());
            if (!retention.equals(wanted)) {
                found.add(differs(spec, TopicConfig.RETENTION_MS_CONFIG, retention, wanted));
            }
        }
        int minInsync = Integer.parseInt(value(config, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG));
        if (minInsync < spec.minInsyncReplicas()) {
            found.add(differs(spec, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, minInsync, spec.minInsyncReplicas()));
        } else if (minInsync > replicas) {
            found.add(spec.name() + " has min.insync.replicas " + minInsync + " but only " + replicas
                    + " replicas, so it takes no writes");
        }
        return found;
    }

    private static String differs(TopicSpec<?, ?> spec, String what, Object is, Object wanted) {
        return spec.name() + " has " + what + " " + is + " instead of " + wanted;
    }

    private static String value(Config config, String name) {
        return config.get(name).value();
    }

    private static Set<String> policies(String cleanup) {
        return new TreeSet<>(Arrays.asList(cleanup.split(",")));
    }

    private static Set<String> names(Collection<TopicSpec<?, ?>> specs) {
        Set<String> names = new TreeSet<>();
        specs.forEach(spec -> names.add(spec.name()));
        return names;
    }

    private <T> T await(KafkaFuture<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
}
