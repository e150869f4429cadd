package chat.milena.topology;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.PartitionReader;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// The step before the state is checked: if the log has conversations, the topics that the sequencer restores its
/// state from must have them too.
///
/// A sequencer whose changelogs were deleted, as Kafka's reset tool does, or emptied would use numbers from 1 on
/// again, beside the messages that have them; one whose index of messages was deleted would give a second number
/// to a resent message. So the start is rejected, and nothing is changed: the disk may have the last copy.
public final class ChangelogsReady implements Component {
    private static final Duration WITHIN = Duration.ofSeconds(30);

    private final TopicCatalogue topics;
    private final List<String> changelogs;
    private final String index;
    private final KafkaClients clients;

    /// @param changelogs each has a record of every conversation, in the partition of its number
    /// @param index empty if no message is young enough, but it exists
    public ChangelogsReady(TopicCatalogue topics, List<String> changelogs, String index, KafkaClients clients) {
        this.topics = topics;
        this.changelogs = List.copyOf(changelogs);
        this.index = index;
        this.clients = clients;
    }

    @Override
    public String name() {
        return "changelogs";
    }

    @Override
    public void start() throws TopicException, InterruptedException {
        try (Admin admin = Admin.create(clients.admin())) {
            Set<String> there = admin.listTopics().names().get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            List<TopicPartition> gone = gone(admin, there);
            if (!gone.isEmpty()) {
                throw new TopicException("the sequencer's own topics lack what the log has (" + gone.getFirst()
                        + " and " + (gone.size() - 1) + " more are empty or gone): numbers would be used again;"
                        + " restore a backup of the log");
            }
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new TopicException("cannot read the sequencer's own topics: " + e.getMessage(), e);
        }
    }

    @Override
    public void stop(Duration within) {
        // Nothing was started.
    }

    private List<TopicPartition> gone(Admin admin, Set<String> there)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<TopicPartition> empty = new ArrayList<>();
        for (String changelog : changelogs) {
            empty.addAll(partitions(changelog));
            if (there.contains(changelog)) {
                empty.removeAll(filled(admin, partitions(changelog)));
            }
        }
        if (!there.contains(index)) {
            empty.addAll(partitions(index));
        }
        Set<Integer> suspect = empty.stream().map(TopicPartition::partition).collect(Collectors.toSet());
        List<TopicPartition> conversations =
                filled(admin, partitions(topics.conversations().name()));
        Set<Integer> inUse = inUse(conversations.stream()
                .filter(partition -> suspect.contains(partition.partition()))
                .toList());
        return empty.stream()
                .filter(partition -> inUse.contains(partition.partition()))
                .toList();
    }

    /// Those with any record, even an aborted one.
    private static List<TopicPartition> filled(Admin admin, List<TopicPartition> partitions)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, Long> begins = offsets(admin, partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = offsets(admin, partitions, OffsetSpec.latest());
        return partitions.stream()
                .filter(partition -> !Objects.equals(begins.get(partition), ends.get(partition)))
                .toList();
    }

    private static Map<TopicPartition, Long> offsets(Admin admin, List<TopicPartition> partitions, OffsetSpec which)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin.listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), one -> which)))
                .all()
                .get(WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    /// The numbers of those partitions that have committed records: a first transaction that was aborted is in the log,
    /// and perhaps not in all of its topics.
    private Set<Integer> inUse(List<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return Set.of();
        }
        try (PartitionReader reader = PartitionReader.open(clients, WITHIN)) {
            return partitions.stream()
                    .filter(partition -> reader.first(partition, PartitionReader.BEGINNING) != null)
                    .map(TopicPartition::partition)
                    .collect(Collectors.toSet());
        }
    }

    private List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, topics.conversations().partitions())
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }
}
