package chat.milena.streams.run;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.LogStart;
import chat.milena.runtime.kafka.LogStarts;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.schemas.topic.TopicSpec;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The step between the topics and the applications with state. It checks that the state on disk was built from
/// this log as it is now. If not, it deletes the state, and Streams builds it again.
///
/// State that does not match its log would be served as if it did: one number would stand for two messages. So
/// each start is written into the log and beside the state ([LogMark]), and both must name the same one at the
/// next start.
public final class StateReady implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(StateReady.class);
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final String MARK = "log";

    private final StateFolder folder;
    private final KafkaClients clients;
    private final TopicSpec<?, ?> deliveries;
    private final Predicate<String> sources;
    private final Clock clock;

    /// @param deliveries the topic whose ends each start records, so that positions in it can be checked
    /// @param sources the topics that the state is built from
    public StateReady(
            StateFolder folder,
            KafkaClients clients,
            TopicSpec<?, ?> deliveries,
            Predicate<String> sources,
            Clock clock) {
        this.folder = folder;
        this.clients = clients;
        this.deliveries = deliveries;
        this.sources = sources;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "state";
    }

    @Override
    public void start() throws IOException, TopicException, InterruptedException {
        LogStarts log = new LogStarts(clients, WITHIN);
        try (Admin admin = Admin.create(clients.admin())) {
            log.make(admin, deliveries.replicationFactor(), deliveries.minInsyncReplicas());
            List<LogStart> known = log.read();
            Map<String, String> ids = ids(admin);
            LogMark before = kept(known, ids);
            LogStart now = new LogStart(
                    before == null ? UUID.randomUUID().toString() : before.folder(),
                    UUID.randomUUID().toString(),
                    clock.millis(),
                    ends(admin));
            LogMark mark = new LogMark(now.folder(), List.of(now.id()), ids);
            if (before != null) {
                // Until the log records this start, a crash must find the previous one.
                folder.mark(
                        MARK,
                        mark.withStarts(now.id(), before.starts().getFirst()).text());
            }
            log.append(now, known);
            folder.mark(MARK, mark.text());
        } catch (ExecutionException e) {
            throw new TopicException("cannot describe the topics of the state: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new TopicException("Kafka did not describe the topics of the state in time", e);
        }
    }

    @Override
    public void stop(Duration within) {
        // State and marks stay.
    }

    /// The mark of state that belongs to this log; other state is deleted.
    private @Nullable LogMark kept(List<LogStart> known, Map<String, String> ids) throws IOException {
        LogMark mark = LogMark.parse(folder.mark(MARK));
        String why = mark == null ? "it has no mark" : mark.differsFrom(known, ids);
        if (why == null) {
            return mark;
        }
        if (folder.hasState()) {
            LOG.warn(
                    "The state in {} does not belong to this log ({}): it is built again from the log",
                    folder.path(),
                    why);
            folder.deleteState();
        }
        return null;
    }

    private Map<String, String> ids(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, String> ids = new HashMap<>();
        admin.listTopics()
                .listings()
                .get(WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .forEach(topic -> ids.put(topic.name(), topic.topicId().toString()));
        ids.keySet().removeIf(sources.negate());
        return ids;
    }

    private List<Long> ends(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        List<TopicPartition> shards = IntStream.range(0, deliveries.partitions())
                .mapToObj(shard -> new TopicPartition(deliveries.name(), shard))
                .toList();
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        shards.forEach(shard -> asked.put(shard, OffsetSpec.latest()));
        ListOffsetsResult answer = admin.listOffsets(asked);
        List<Long> ends = new ArrayList<>();
        for (TopicPartition shard : shards) {
            ends.add(answer.partitionResult(shard)
                    .get(WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                    .offset());
        }
        return ends;
    }
}
