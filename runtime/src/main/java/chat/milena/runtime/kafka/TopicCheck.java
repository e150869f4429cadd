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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Compares the topics of a cluster with what a process needs. Changes nothing, and needs no more permission than
/// the process itself.
///
/// @param faults what keeps a process from starting, one line each, for operators
/// @param changes differences that a creation of topics would change, one line each
public record TopicCheck(List<String> faults, List<String> changes) {

    public TopicCheck {
        faults = List.copyOf(faults);
        changes = List.copyOf(changes);
    }

    /// The needed topics.
    ///
    /// @param specs topics of the catalogue
    /// @param groups topics with records of the same keys, which must have the same number of partitions
    /// @param others names of further topics that must exist
    /// @param access what the process does with them
    public record Needs(
            Collection<TopicSpec<?, ?>> specs,
            Map<String, List<TopicSpec<?, ?>>> groups,
            Set<String> others,
            TopicAccess access) {}

    /// Compares.
    ///
    /// @throws TopicException if Kafka did not do its part within the time
    public static TopicCheck of(Needs needs, Admin admin, Duration within) throws TopicException, InterruptedException {
        Run run = new Run(needs, admin, new Topics(admin, within));
        return Topics.call("look at topics", run::check);
    }

    private static final class Run {
        private final Needs needs;
        private final Admin admin;
        private final Topics topics;
        private final List<String> faults = new ArrayList<>();
        private final List<String> changes = new ArrayList<>();

        private Run(Needs needs, Admin admin, Topics topics) {
            this.needs = needs;
            this.admin = admin;
            this.topics = topics;
        }

        private TopicCheck check() throws InterruptedException, ExecutionException, TimeoutException {
            Map<String, TopicDescription> described = described();
            brokers(described.keySet());
            faults.addAll(topics.unfinished(needs.specs()));
            Map<String, Config> configs = configs(described.keySet());
            for (TopicSpec<?, ?> spec : needs.specs()) {
                TopicDescription description = described.get(spec.name());
                Config config = configs.get(spec.name());
                if (description != null && config != null) {
                    TopicDifferences differences = TopicDifferences.of(spec, description, config);
                    faults.addAll(differences.refused());
                    differences.alterations().stream().map(Alteration::toString).forEach(changes::add);
                }
            }
            described.forEach((name, description) ->
                    faults.addAll(needs.access().missing(name, description.authorizedOperations())));
            new ApplicationCheck(admin, topics).missing(needs.access()).forEach(faults::add);
            needs.groups().forEach((keys, group) -> faults.addAll(unequal(keys, group, described)));
            return new TopicCheck(faults, changes);
        }

        /// Topics that exist have their copies, also while a broker is away.
        private void brokers(Set<String> existing) throws InterruptedException, ExecutionException, TimeoutException {
            int brokers = topics.await(admin.describeCluster().nodes()).size();
            int copies = needs.specs().stream()
                    .filter(spec -> !existing.contains(spec.name()))
                    .mapToInt(TopicSpec::replicationFactor)
                    .max()
                    .orElse(1);
            if (brokers < copies) {
                faults.add("a replication factor of " + copies + " needs " + copies + " brokers; the cluster has "
                        + brokers);
            }
        }

        private Map<String, TopicDescription> described()
                throws InterruptedException, ExecutionException, TimeoutException {
            Set<String> names = new TreeSet<>(needs.others());
            needs.specs().forEach(spec -> names.add(spec.name()));
            return each(
                    admin.describeTopics(names, new DescribeTopicsOptions().includeAuthorizedOperations(true))
                            .topicNameValues(),
                    Function.identity(),
                    "no permission to describe ");
        }

        private Map<String, Config> configs(Set<String> names)
                throws InterruptedException, ExecutionException, TimeoutException {
            List<ConfigResource> resources = names.stream()
                    .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                    .toList();
            return each(
                    admin.describeConfigs(resources).values(),
                    ConfigResource::name,
                    "no permission to read the settings of ");
        }

        private <K, V> Map<String, V> each(Map<K, KafkaFuture<V>> asked, Function<K, String> nameOf, String denied)
                throws InterruptedException, ExecutionException, TimeoutException {
            Map<String, V> answers = new TreeMap<>();
            for (Map.Entry<K, KafkaFuture<V>> one : asked.entrySet()) {
                String name = nameOf.apply(one.getKey());
                try {
                    answers.put(name, topics.await(one.getValue()));
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                        faults.add(name + " is missing");
                    } else if (e.getCause() instanceof AuthorizationException) {
                        faults.add(denied + name);
                    } else {
                        throw e;
                    }
                }
            }
            return answers;
        }
    }

    /// Records of one key must be in partitions of one number.
    static List<String> unequal(String keys, List<TopicSpec<?, ?>> group, Map<String, TopicDescription> described) {
        Map<Integer, String> byCount = new HashMap<>();
        for (TopicSpec<?, ?> spec : group) {
            TopicDescription description = described.get(spec.name());
            if (description != null) {
                byCount.putIfAbsent(description.partitions().size(), spec.name());
            }
        }
        if (byCount.size() < 2) {
            return List.of();
        }
        List<String> examples = new ArrayList<>();
        new TreeMap<>(byCount).forEach((count, name) -> examples.add(name + " has " + count));
        return List.of("topics by " + keys + " must have equal numbers of partitions: " + String.join(", ", examples));
    }
}
