package chat.milena.topology;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.kafka.Topics;
import chat.milena.schemas.topic.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.TopologyDescription;

/// Makes the changelogs of the stores that a version of an application has, and the version before had not.
///
/// Kafka Streams leaves it to the leader of the group. During an upgrade that is a process of the version before, which
/// does not know these stores; the new process would wait for them until the last one of the old ones is gone. At the
/// first start of an application, which has no changelog, there is no other version: Streams makes all of them.
record NewChangelogs(InstalledTopics installed, KafkaClients clients) {
    private static final Duration WITHIN = Duration.ofSeconds(30);

    /// Makes those that are missing.
    ///
    /// @param applicationId names the application and its group
    void make(String applicationId, TopologyDescription topology) throws TopicException, InterruptedException {
        try (Admin admin = Admin.create(clients.admin())) {
            Set<String> there = Topics.names(admin, WITHIN);
            List<TopicSpec<?, ?>> all = all(applicationId, topology);
            List<TopicSpec<?, ?>> missing =
                    all.stream().filter(spec -> !there.contains(spec.name())).toList();
            if (missing.size() < all.size()) {
                Topics.provision(missing, admin, WITHIN);
            }
        }
    }

    /// All changelogs of an application, each with the partitions of what its store is made of.
    List<TopicSpec<?, ?>> all(String applicationId, TopologyDescription topology) {
        List<TopicSpec<?, ?>> all = new ArrayList<>();
        for (TopologyDescription.Subtopology part : topology.subtopologies()) {
            Set<String> sources = new TreeSet<>();
            Set<String> stores = new TreeSet<>();
            for (TopologyDescription.Node node : part.nodes()) {
                switch (node) {
                    case TopologyDescription.Source source -> sources.addAll(source.topicSet());
                    case TopologyDescription.Processor processor -> stores.addAll(processor.stores());
                    default -> {}
                }
            }
            int partitions = installed.catalogue().all().stream()
                    .filter(topic -> sources.contains(topic.name()))
                    .mapToInt(TopicSpec::partitions)
                    .max()
                    .orElseThrow();
            stores.forEach(store -> all.add(installed
                    .changelog(applicationId + "-" + store + InstalledTopics.CHANGELOG)
                    .withPartitions(partitions)));
        }
        return all;
    }
}
