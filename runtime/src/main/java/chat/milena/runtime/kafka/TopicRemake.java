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

/// Takes partitions that somebody added to topics away again, which Kafka itself cannot: such a topic is deleted and
/// made again, and its records are moved.
///
/// Nothing of ours writes to an added partition, since the catalogue says which partition a key belongs to. Where one
/// holds records they are of somebody else, and nothing is done.
///
/// ```text
///   topic (3)              ──putAside──▶  topic (3), aside (2)
///   topic (3), aside (2)   ──remake────▶  topic (2), aside (2)
///   topic (2), aside (2)   ──forget────▶  topic (2)
/// ```
///
/// At any moment all records are in the topic or in the one aside. The three steps can be repeated from the first after
/// a crash. What a step wrote must be on disk before the next one, and nobody else may use the topics meanwhile.
public final class TopicRemake {
    private static final String ASIDE = "-aside";
    private static final Duration FOR_EVER = Duration.ofMillis(-1);
    private static final Duration POLL_EVERY = Duration.ofMillis(50);

    private final Collection<TopicSpec<?, ?>> specs;
    private final Predicate<TopicSpec<?, ?>> witness;
    private final Function<TopicSpec<?, ?>, Kept> kept;
    private final KafkaClients clients;
    private final Admin admin;
    private final Duration within;

    /// Which records of a topic are moved.
    public sealed interface Kept {
        /// Every one.
        record All() implements Kept {}

        /// None: they are of use only to clients that are connected.
        record None() implements Kept {}

        /// Those that this consumer group has not read yet; it begins at the first of them.
        record Unread(String group) implements Kept {}
    }

    /// @param specs the topics as they must be
    /// @param witness which of them show how many partitions an installation was made with
    /// @param within how long the brokers may take for one call; the moving of records has no such bound
    public TopicRemake(
            Collection<TopicSpec<?, ?>> specs,
            Predicate<TopicSpec<?, ?>> witness,
            Function<TopicSpec<?, ?>, Kept> kept,
            KafkaClients clients,
            Admin admin,
            Duration within) {
        this.specs = specs;
        this.witness = witness;
        this.kept = kept;
        this.clients = clients;
        this.admin = admin;
        this.within = within;
    }

    /// The topic that has the records of another one meanwhile.
    static TopicSpec<?, ?> aside(TopicSpec<?, ?> spec) {
        return spec.as(spec.name() + ASIDE, Cleanup.DELETE, FOR_EVER);
    }

    /// The topic that a name is of, whether it is its own or that of the one aside.
    public static String original(String name) {
        return name.endsWith(ASIDE) ? name.substring(0, name.length() - ASIDE.length()) : name;
    }

    /// Copies the records of topics with added partitions.
    ///
    /// @return whether there is anything to remake
    /// @throws TopicException if an added partition holds records, or Kafka did not do its part
    public boolean putAside() throws TopicException, InterruptedException {
        return Topics.call("put records aside", () -> {
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
                make(aside(spec));
                switch (kept.apply(spec)) {
                    case Kept.All() -> copy(spec, aside(spec), Map.of());
                    case Kept.Unread(String group) -> copy(spec, aside(spec), offsets(group, spec));
                    case Kept.None() -> {}
                }
            }
            return !there(aside()).isEmpty();
        });
    }

    /// Makes those topics again whose records are aside, and gives the records back.
    ///
    /// @return their names
    /// @throws TopicException if Kafka did not do its part
    public List<String> remake() throws TopicException, InterruptedException {
        return Topics.call("make topics again", () -> {
            Set<String> aside = there(aside());
            List<String> made = new ArrayList<>();
            for (TopicSpec<?, ?> spec : specs) {
                if (aside.contains(aside(spec).name())) {
                    make(spec);
                    if (kept.apply(spec) instanceof Kept.Unread(String group)) {
                        // The brokers forget the group's place a little later than the topic.
                        await(() -> offsets(group, spec).isEmpty());
                    }
                    copy(aside(spec), spec, Map.of());
                    made.add(spec.name());
                }
            }
            return made;
        });
    }

    /// Deletes what was put aside.
    ///
    /// @throws TopicException if Kafka did not do its part
    public void forget() throws TopicException, InterruptedException {
        Topics.call("delete topics", () -> {
            Set<String> aside = there(aside());
            delete(aside);
            return aside;
        });
    }

    /// With a deadline of its own.
    private Topics topics() {
        return new Topics(admin, within);
    }

    private List<TopicSpec<?, ?>> aside() {
        List<TopicSpec<?, ?>> aside = new ArrayList<>();
        specs.forEach(spec -> aside.add(aside(spec)));
        return aside;
    }

    private Set<String> there(Collection<TopicSpec<?, ?>> ofThese)
            throws InterruptedException, ExecutionException, TimeoutException {
        return topics().describe(names(ofThese)).keySet();
    }

    /// An empty one, whatever there was.
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

    /// Where not one topic is as it must be, the catalogue is that of another installation: keys would be looked for in
    /// other partitions than they are in.
    private void requireWitness(Map<String, TopicDescription> there) throws TopicException {
        if (specs.stream().filter(witness).noneMatch(spec -> partitions(there, spec) == spec.partitions())) {
            throw new TopicException("not one topic has the partitions that it must have; nothing was changed. Set"
                    + " MILENA_PARTITIONS to what it was when the data folder was made");
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

    /// How far a group has come; nothing where it has not begun.
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
