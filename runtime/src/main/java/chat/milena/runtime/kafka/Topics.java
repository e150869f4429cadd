package chat.milena.runtime.kafka;

import chat.milena.runtime.kafka.TopicDifferences.Alteration;
import chat.milena.schemas.topic.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
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
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the topics of the catalogue, and rejects a cluster whose topics differ from it.
///
/// Partition counts and cleanup decide where records are and whether they live: only [#putBack], run by an
/// operator, changes a topic that differs there. Retention, and limits that are too low, are changed at each
/// start and logged.
public final class Topics {
    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
    private static final Duration POLL_EVERY = Duration.ofMillis(20);

    private final Admin admin;
    private final long deadlineNanos;

    Topics(Admin admin, Duration within) {
        this.admin = admin;
        this.deadlineNanos = System.nanoTime() + within.toNanos();
    }

    /// Makes the missing topics of `specs`, checks and adapts the existing ones, and waits until all can be used.
    ///
    /// Several processes may do so at the same time.
    ///
    /// @throws TopicException if existing topics differ (the message lists every difference, nothing was made or
    /// changed), or Kafka did not do its part within the time
    public static void provision(Collection<TopicSpec<?, ?>> specs, Admin admin, Duration within)
            throws TopicException, InterruptedException {
        Topics topics = new Topics(admin, within);
        call("prepare topics", () -> {
            topics.provision(specs);
            return specs;
        });
    }

    /// How the topics differ from `specs`, one line each, for operators. Changes nothing.
    ///
    /// @throws TopicException if Kafka did not do its part within the time
    public static List<String> differences(Collection<TopicSpec<?, ?>> specs, Admin admin, Duration within)
            throws TopicException, InterruptedException {
        Topics topics = new Topics(admin, within);
        return call("look at topics", () -> topics.differences(specs));
    }

    /// Restores the settings of `specs`, including those that keep a process from starting. Records stay where
    /// they are.
    ///
    /// @return the changes, one line each, for operators
    /// @throws TopicException if Kafka did not do its part within the time
    public static List<String> putBack(Collection<TopicSpec<?, ?>> specs, Admin admin, Duration within)
            throws TopicException, InterruptedException {
        Topics topics = new Topics(admin, within);
        return call("change topics", () -> topics.putBack(specs));
    }

    /// Waits until all of these topics can be used.
    ///
    /// @throws TopicException if Kafka did not do its part within the time
    public static void awaitUsable(Set<String> names, Admin admin, Duration within)
            throws TopicException, InterruptedException {
        Topics topics = new Topics(admin, within);
        call("use new topics", () -> {
            topics.awaitUsable(names);
            return names;
        });
    }

    /// The names of all topics of the cluster.
    ///
    /// @throws TopicException if Kafka did not do its part within the time
    public static Set<String> names(Admin admin, Duration within) throws TopicException, InterruptedException {
        return call(
                "list topics",
                () -> new Topics(admin, within).await(admin.listTopics().names()));
    }

    interface Call<T> {
        T run() throws TopicException, InterruptedException, ExecutionException, TimeoutException;
    }

    /// Reports in plain words what the brokers did not do.
    static <T> T call(String what, Call<T> call) throws TopicException, InterruptedException {
        try {
            return call.run();
        } catch (TimeoutException e) {
            throw new TopicException("cannot " + what + ": Kafka did not do it in time", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new TopicException("cannot " + what + ": " + cause.getMessage(), cause);
        }
    }

    private void provision(Collection<TopicSpec<?, ?>> specs)
            throws TopicException, InterruptedException, ExecutionException, TimeoutException {
        Map<String, TopicDescription> existing = describe(names(specs));
        settle(specs, existing);
        List<TopicSpec<?, ?>> missing = specs.stream()
                .filter(spec -> !existing.containsKey(spec.name()))
                .toList();
        if (!existing.isEmpty()) {
            missing.forEach(spec -> LOG.warn("{} was missing and is made empty", spec.name()));
        }
        create(missing);
        awaitUsable(names(specs));
        // Another process may have made some of them in the meantime, from another catalogue.
        settle(missing, describe(names(missing)));
    }

    void create(Collection<TopicSpec<?, ?>> missing) throws InterruptedException, ExecutionException, TimeoutException {
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
    }

    /// The broker answers a creation before every partition has a leader that accepts records.
    void awaitUsable(Set<String> names) throws InterruptedException, ExecutionException, TimeoutException {
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

    Map<String, TopicDescription> describe(Set<String> names)
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

    /// Rejects differences that only an operator may have changed. If there are none, changes what may be changed
    /// at any time.
    private void settle(Collection<TopicSpec<?, ?>> specs, Map<String, TopicDescription> existing)
            throws TopicException, InterruptedException, ExecutionException, TimeoutException {
        List<String> refused = new ArrayList<>(unfinished(specs));
        List<Alteration> alterations = new ArrayList<>();
        for (TopicDifferences differences : compare(specs, existing)) {
            refused.addAll(differences.refused());
            alterations.addAll(differences.alterations());
        }
        if (!refused.isEmpty()) {
            throw new TopicException(
                    "existing topics are not as they must be (`milena topics repair`; docs/operations.md,"
                            + " Altered topics): " + String.join("; ", refused));
        }
        alter(alterations);
        alterations.forEach(alteration -> LOG.info("{}", alteration.done()));
    }

    private List<String> differences(Collection<TopicSpec<?, ?>> specs)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, TopicDescription> existing = describe(names(specs));
        List<String> lines = new ArrayList<>(unfinished(specs));
        for (TopicSpec<?, ?> spec : specs) {
            if (!existing.containsKey(spec.name())) {
                lines.add(spec.name() + " is missing; the next start makes it empty");
            }
        }
        for (TopicDifferences differences : compare(specs, existing)) {
            lines.addAll(differences.refused());
            differences.alterations().forEach(one -> lines.add(one + "; the next start changes it"));
        }
        return lines;
    }

    private List<String> putBack(Collection<TopicSpec<?, ?>> specs)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<Alteration> all = new ArrayList<>();
        for (TopicDifferences differences : compare(specs, describe(names(specs)))) {
            all.addAll(differences.repairs());
            all.addAll(differences.alterations());
        }
        alter(all);
        return all.stream().map(Alteration::done).toList();
    }

    /// What an interrupted repair has left. Until it is completed, a topic may lack records that the other topic
    /// holds.
    List<String> unfinished(Collection<TopicSpec<?, ?>> specs)
            throws InterruptedException, ExecutionException, TimeoutException {
        Set<String> names = await(admin.listTopics().names());
        return specs.stream()
                .filter(spec -> names.contains(TopicRemake.copyOf(spec).name()))
                .map(spec -> "the repair of " + spec.name() + " was interrupted")
                .toList();
    }

    private List<TopicDifferences> compare(Collection<TopicSpec<?, ?>> specs, Map<String, TopicDescription> existing)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<ConfigResource, Config> configs = configs(existing.keySet());
        List<TopicDifferences> all = new ArrayList<>();
        for (TopicSpec<?, ?> spec : specs) {
            TopicDescription description = existing.get(spec.name());
            Config config = configs.get(resource(spec.name()));
            if (description != null && config != null) {
                all.add(TopicDifferences.of(spec, description, config));
            }
        }
        return all;
    }

    private void alter(List<Alteration> alterations) throws InterruptedException, ExecutionException, TimeoutException {
        if (alterations.isEmpty()) {
            return;
        }
        Map<ConfigResource, Collection<AlterConfigOp>> asked = new HashMap<>();
        for (Alteration alteration : alterations) {
            asked.computeIfAbsent(resource(alteration.topic()), topic -> new ArrayList<>())
                    .add(operation(alteration));
        }
        await(admin.incrementalAlterConfigs(asked).all());
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

    <T> T await(KafkaFuture<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
}
