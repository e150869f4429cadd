package chat.milena.runtime.kafka;

import chat.milena.runtime.kafka.TopicDifferences.Alteration;
import chat.milena.schemas.topic.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
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
/// Partition counts and cleanup decide where records are and whether they live: a topic that differs there is never
/// changed here, since only an operator can know what to do with what is in it. Retention is another matter, and so are
/// limits that are too low: those are changed, and told.
public final class Topics {
    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
    private static final Duration POLL_EVERY = Duration.ofMillis(20);

    private final Admin admin;
    private final long deadlineNanos;

    private Topics(Admin admin, Duration within) {
        this.admin = admin;
        this.deadlineNanos = System.nanoTime() + within.toNanos();
    }

    /// Makes those of `specs` that are missing, checks and adapts those that exist and waits until all can be used.
    ///
    /// Several processes may do so at the same time.
    ///
    /// @throws TopicException if existing topics differ (the message lists every difference, nothing was made or
    ///     changed), or Kafka did not do its part within the time
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

    /// Refuses a cluster that lacks topics; nothing is made.
    ///
    /// @param others needed beside `specs`
    /// @throws TopicException that names those that are missing, or if Kafka did not do its part within the time
    public static void require(Collection<TopicSpec<?, ?>> specs, Set<String> others, Admin admin, Duration within)
            throws TopicException, InterruptedException {
        Set<String> missing = names(specs);
        missing.addAll(others);
        try {
            missing.removeAll(admin.listTopics().names().get(within.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            throw new TopicException("Kafka did not list its topics within " + within.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new TopicException("cannot list topics: " + cause.getMessage(), cause);
        }
        if (!missing.isEmpty()) {
            throw new TopicException("the cluster lacks topics, and may be the wrong one: " + String.join(", ", missing)
                    + "; with --create-topics they are made");
        }
    }

    /// Keeps the records of a topic that is not in the catalogue for so long from now on; does nothing where there is
    /// none.
    ///
    /// @throws TopicException if Kafka did not do its part within the time
    public static void keep(String topic, Duration retention, Admin admin, Duration within)
            throws TopicException, InterruptedException {
        Topics topics = new Topics(admin, within);
        try {
            topics.keep(topic, Long.toString(retention.toMillis()));
        } catch (TimeoutException e) {
            throw new TopicException("Kafka did not change " + topic + " within " + within.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new TopicException("cannot change " + topic + ": " + cause.getMessage(), cause);
        }
    }

    private void keep(String topic, String retention)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (describe(Set.of(topic)).isEmpty()) {
            return;
        }
        Config config = configs(Set.of(topic)).get(resource(topic));
        ConfigEntry entry = config == null ? null : config.get(TopicConfig.RETENTION_MS_CONFIG);
        if (entry != null && !retention.equals(entry.value())) {
            String from = String.valueOf(entry.value());
            alter(Map.of(topic, List.of(new Alteration(TopicConfig.RETENTION_MS_CONFIG, from, retention))));
        }
    }

    private void provision(Collection<TopicSpec<?, ?>> specs)
            throws TopicException, InterruptedException, ExecutionException, TimeoutException {
        Map<String, TopicDescription> existing = describe(names(specs));
        settle(specs, existing);
        List<TopicSpec<?, ?>> missing = specs.stream()
                .filter(spec -> !existing.containsKey(spec.name()))
                .toList();
        create(missing);
        awaitUsable(names(specs));
        // Another process may have made some of them meanwhile, and from another catalogue.
        settle(missing, describe(names(missing)));
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

    /// Refuses what differs for good; if nothing does, changes what may be changed at any time.
    private void settle(Collection<TopicSpec<?, ?>> specs, Map<String, TopicDescription> existing)
            throws TopicException, InterruptedException, ExecutionException, TimeoutException {
        Map<ConfigResource, Config> configs = configs(existing.keySet());
        List<String> refused = new ArrayList<>();
        Map<String, List<Alteration>> alterations = new LinkedHashMap<>();
        for (TopicSpec<?, ?> spec : specs) {
            TopicDescription description = existing.get(spec.name());
            Config config = configs.get(resource(spec.name()));
            if (description != null && config != null) {
                TopicDifferences differences = TopicDifferences.of(spec, description, config);
                refused.addAll(differences.refused());
                alterations.put(spec.name(), differences.alterations());
            }
        }
        if (!refused.isEmpty()) {
            throw new TopicException(
                    "existing topics are not as they must be (what to do: docs/operations.md, Altered topics): "
                            + String.join("; ", refused));
        }
        alter(alterations);
    }

    private void alter(Map<String, List<Alteration>> byTopic)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<ConfigResource, Collection<AlterConfigOp>> asked = new HashMap<>();
        byTopic.forEach((name, alterations) -> {
            if (!alterations.isEmpty()) {
                asked.put(
                        resource(name),
                        alterations.stream().map(Topics::operation).toList());
            }
        });
        if (asked.isEmpty()) {
            return;
        }
        await(admin.incrementalAlterConfigs(asked).all());
        byTopic.forEach((name, alterations) -> alterations.forEach(alteration -> LOG.info(
                "{} has {} {} from now on, instead of {}",
                name,
                alteration.setting(),
                alteration.to(),
                alteration.from())));
    }

    private static AlterConfigOp operation(Alteration alteration) {
        return new AlterConfigOp(new ConfigEntry(alteration.setting(), alteration.to()), AlterConfigOp.OpType.SET);
    }

    private Map<ConfigResource, Config> configs(Set<String> names)
            throws InterruptedException, ExecutionException, TimeoutException {
        return await(admin.describeConfigs(names.stream().map(Topics::resource).toList())
                .all());
    }

    private static ConfigResource resource(String name) {
        return new ConfigResource(ConfigResource.Type.TOPIC, name);
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
