package chat.milena.runtime.kafka;

import chat.milena.schemas.topic.Cleanup;
import chat.milena.schemas.topic.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// Removes partitions that somebody added to topics, which Kafka itself cannot do: such a topic is deleted and
/// made again, and its records are copied out and back.
///
/// Nothing of ours writes to an added partition, since the catalogue says which partition a key belongs to.
/// Records in an added partition belong to somebody else; then nothing is changed.
///
/// ```text
///   topic (3)              ──copyOut──────▶  topic (3), copy (2)
///   topic (3), copy (2)    ──remake───────▶  topic (2), copy (2)
///   topic (2), copy (2)    ──deleteCopies─▶  topic (2)
/// ```
///
/// At any moment all records are in the topic or in its copy. After a crash, the three steps can be repeated from
/// the first. The records of one step must be on disk before the next step, and nobody else may use the topics in
/// between.
public final class TopicRemake {
    private static final String COPY = "-aside";
    private static final Duration FOR_EVER = Duration.ofMillis(-1);
    private static final Duration POLL_EVERY = Duration.ofMillis(50);

    private final Collection<TopicSpec<?, ?>> specs;
    private final Predicate<TopicSpec<?, ?>> witness;
    private final Function<TopicSpec<?, ?>, Moved> moved;
    private final KafkaClients clients;
    private final Admin admin;
    private final Duration within;

    /// Which records of a topic are moved.
    public sealed interface Moved {
        /// All.
        record All() implements Moved {}

        /// None: only connected clients need them.
        record None() implements Moved {}

        /// Those that this consumer group has not read yet. It then starts at the first of them.
        record Unread(String group) implements Moved {}
    }

    /// @param specs the topics as they must be
    /// @param witness which topics show how many partitions an installation was made with
    /// @param moved which records of a topic are moved
    /// @param within how long the brokers may take for one call; copying records has no such bound
    public TopicRemake(
            Collection<TopicSpec<?, ?>> specs,
            Predicate<TopicSpec<?, ?>> witness,
            Function<TopicSpec<?, ?>, Moved> moved,
            KafkaClients clients,
            Admin admin,
            Duration within) {
        this.specs = specs;
        this.witness = witness;
        this.moved = moved;
        this.clients = clients;
        this.admin = admin;
        this.within = within;
    }

    /// The topic that holds the records of another one while that one is made again.
    static TopicSpec<?, ?> copyOf(TopicSpec<?, ?> spec) {
        return spec.as(spec.name() + COPY, Cleanup.DELETE, FOR_EVER);
    }

    /// The name of the original topic, given its own name or that of its holding topic.
    public static String original(String name) {
        return name.endsWith(COPY) ? name.substring(0, name.length() - COPY.length()) : name;
    }

    /// Copies the records of topics with added partitions.
    ///
    /// @return whether any topic must be made again
    /// @throws TopicException if an added partition holds records, or Kafka did not do its part
    public boolean copyOut() throws TopicException, InterruptedException {
        return Topics.call("copy records", () -> {
            Map<String, TopicDescription> there = topics().describe(names(specs));
            List<TopicSpec<?, ?>> grown = specs.stream()
                    .filter(spec -> partitions(there, spec) > spec.partitions())
                    .toList();
            if (!grown.isEmpty()) {
                requireWitness(there);
            }
            for (TopicSpec<?, ?> spec : grown) {
                requireEmpty(partitions(spec, spec.partitions(), partitions(there, spec)));
            }
            for (TopicSpec<?, ?> spec : grown) {
                make(copyOf(spec));
                switch (moved.apply(spec)) {
                    case Moved.All() -> copy(spec, copyOf(spec), Map.of());
                    case Moved.Unread(String group) -> copy(spec, copyOf(spec), offsets(group, spec));
                    case Moved.None() -> {}
                }
            }
            return !there(copies()).isEmpty();
        });
    }

    /// Makes those topics again that have a copy, and copies the records back.
    ///
    /// @return their names
    /// @throws TopicException if Kafka did not do its part
    public List<String> remake() throws TopicException, InterruptedException {
        return Topics.call("make topics again", () -> {
            Set<String> copies = there(copies());
            List<String> made = new ArrayList<>();
            for (TopicSpec<?, ?> spec : specs) {
                if (copies.contains(copyOf(spec).name())) {
                    make(spec);
                    if (moved.apply(spec) instanceof Moved.Unread(String group)) {
                        // The brokers drop the offsets of the group a little later than the topic.
                        await(() -> offsets(group, spec).isEmpty());
                    }
                    copy(copyOf(spec), spec, Map.of());
                    made.add(spec.name());
                }
            }
            return made;
        });
    }

    /// Deletes the copies.
    ///
    /// @throws TopicException if Kafka did not do its part
    public void deleteCopies() throws TopicException, InterruptedException {
        Topics.call("delete topics", () -> {
            Set<String> copies = there(copies());
            delete(copies);
            return copies;
        });
    }

    /// With a deadline of its own.
    private Topics topics() {
        return new Topics(admin, within);
    }

    private List<TopicSpec<?, ?>> copies() {
        List<TopicSpec<?, ?>> copies = new ArrayList<>();
        specs.forEach(spec -> copies.add(copyOf(spec)));
        return copies;
    }

    private Set<String> there(Collection<TopicSpec<?, ?>> ofThese)
            throws InterruptedException, ExecutionException, TimeoutException {
        return topics().describe(names(ofThese)).keySet();
    }

    /// Makes an empty topic, whether or not one exists.
    private void make(TopicSpec<?, ?> spec)
            throws TopicException, InterruptedException, ExecutionException, TimeoutException {
        delete(there(List.of(spec)));
        topics().create(List.of(spec));
        topics().awaitUsable(Set.of(spec.name()));
    }

    private void delete(Set<String> names)
            throws TopicException, InterruptedException, ExecutionException, TimeoutException {
        topics().await(admin.deleteTopics(names).all());
        await(() -> topics().describe(names).isEmpty());
    }

    /// If no topic is as it must be, the catalogue is that of another installation: keys would be looked up in
    /// other partitions than they are in.
    private void requireWitness(Map<String, TopicDescription> there) throws TopicException {
        if (specs.stream().filter(witness).noneMatch(spec -> partitions(there, spec) == spec.partitions())) {
            throw new TopicException("no topic has the number of partitions that it must have; nothing was changed. Set"
                    + " MILENA_PARTITIONS to its value when the data folder was made");
        }
    }

    private void requireEmpty(List<TopicPartition> added)
            throws TopicException, InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, Long> begins = offsets(added, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = offsets(added, OffsetSpec.latest());
        for (TopicPartition partition : added) {
            if (!Objects.equals(begins.get(partition), ends.get(partition))) {
                throw new TopicException(
                        "the added partition " + partition + " holds records that Milena did not write,"
                                + " and Milena does not read them; nothing was changed. Delete them with kafka-delete-records.sh"
                                + " if nobody needs them");
            }
        }
    }

    private void copy(TopicSpec<?, ?> from, TopicSpec<?, ?> to, Map<TopicPartition, Long> read)
            throws TopicException, InterruptedException, ExecutionException, TimeoutException {
        List<TopicPartition> partitions = partitions(from, 0, from.partitions());
        Map<TopicPartition, Long> starts = offsets(partitions, OffsetSpec.earliest());
        read.forEach(
                (partition, offset) -> starts.computeIfPresent(partition, (one, first) -> Math.max(first, offset)));
        TopicCopy.copy(from, to, starts, offsets(partitions, OffsetSpec.latest()), clients);
    }

    /// The offsets of a group; empty if it has not begun.
    private Map<TopicPartition, Long> offsets(String group, TopicSpec<?, ?> spec)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetAndMetadata> all = topics().await(admin.listConsumerGroupOffsets(
                        Map.of(group, new ListConsumerGroupOffsetsSpec()),
                        new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata(group));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        all.forEach((partition, offset) -> {
            if (partition.topic().equals(spec.name()) && offset != null) {
                offsets.put(partition, offset.offset());
            }
        });
        return offsets;
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec which)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        topics().await(admin.listOffsets(partitions.stream().collect(Collectors.toMap(one -> one, one -> which)))
                        .all())
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    private void await(Topics.Call<Boolean> condition)
            throws TopicException, InterruptedException, ExecutionException, TimeoutException {
        long begunNanos = System.nanoTime();
        while (!condition.run()) {
            if (System.nanoTime() - begunNanos > within.toNanos()) {
                throw new TimeoutException();
            }
            Thread.sleep(POLL_EVERY);
        }
    }

    private static List<TopicPartition> partitions(TopicSpec<?, ?> spec, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(partition -> new TopicPartition(spec.name(), partition))
                .toList();
    }

    private static int partitions(Map<String, TopicDescription> there, TopicSpec<?, ?> spec) {
        TopicDescription description = there.get(spec.name());
        return description == null ? 0 : description.partitions().size();
    }

    private static Set<String> names(Collection<TopicSpec<?, ?>> specs) {
        return specs.stream().map(TopicSpec::name).collect(Collectors.toSet());
    }
}
