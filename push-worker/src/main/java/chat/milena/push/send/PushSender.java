package chat.milena.push.send;

import chat.milena.push.policy.FactsQuery;
import chat.milena.push.policy.PushPolicy;
import chat.milena.push.provider.Provider;
import chat.milena.runtime.config.PushKeys;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.schemas.avro.PushIntent;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.word.PushPlatform;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the intents of one platform, each to exactly one result.
///
/// One thread reads intents; each one is handled on a virtual thread. At most [#WINDOW] are in progress; beyond
/// that the reader pauses, so a provider that is slow or away costs no memory, and other platforms have senders of
/// their own. An offset is committed once all intents before it have a result. After a kill, those behind it that
/// have one are found by [PastResults]: only intents whose answer came but whose result was not written are sent
/// again.
public final class PushSender implements Component {
    /// Intents in progress.
    public static final int WINDOW = 256;

    private static final Logger LOG = LoggerFactory.getLogger(PushSender.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final long COMMIT_NANOS = Duration.ofMillis(500).toNanos();
    /// An attempt takes no longer.
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(25);
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(1);
    /// How often an intent is tried that our own code fails on.
    private static final int FAILURES_MAX = 3;

    private final PushPlatform platform;
    private final Log log;
    private final String instanceId;
    private final Readiness readiness;
    private final Clock clock;
    private final ResultLog results;
    private final IntentHandler handler;
    private final PastResults past;
    private final IntentWindow window;
    private final Map<TopicPartition, Set<Long>> ended = new HashMap<>();
    private final Deque<ConsumerRecord<byte[], byte[]>> read = new ArrayDeque<>();
    private final ExecutorService threads;
    private final Thread thread;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private volatile boolean stopping;
    private volatile boolean killed;
    private volatile long lag;
    private volatile long drainUntilNanos;

    /// The log.
    public record Log(TopicCatalogue topics, KafkaClients clients) {}

    /// What a sender decides by.
    public record Deciding(DeviceConnections presence, FactsQuery facts, PushPolicy policy, PushKeys keys) {}

    /// What the process that it runs in offers.
    ///
    /// @param instanceId names the process among those of the installation, so that it takes its partitions back
    public record Service(String instanceId, Readiness readiness, MeterRegistry meters, Clock clock) {}

    public PushSender(Provider provider, Log log, Deciding deciding, Service service) {
        this.platform = provider.platform();
        this.log = log;
        this.instanceId = service.instanceId();
        this.readiness = service.readiness();
        this.clock = service.clock();
        this.window = new IntentWindow(WINDOW, clock);
        SenderMeters meters = new SenderMeters(service.meters(), platform);
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("push-" + platform.word() + "-", 0).factory());
        this.results = new ResultLog(log.topics(), log.clients(), clock);
        this.past = new PastResults(log.topics().pushResults(), log.clients(), platform);
        this.handler = new IntentHandler(
                new IntentHandler.Parts(
                        deciding.presence(), deciding.facts(), deciding.policy(), deciding.keys(), provider),
                results,
                meters,
                clock,
                threads);
        meters.backlog(() -> lag + window.open());
        thread = Thread.ofPlatform().name("push-" + platform.word()).unstarted(this::run);
    }

    @Override
    public String name() {
        return "push-" + platform.word();
    }

    @Override
    public void start() {
        thread.start();
        readiness.set(name(), true, "");
    }

    /// Takes no further intent, and waits for those in progress.
    @Override
    public void stop(Duration within) throws InterruptedException {
        readiness.set(name(), false, "stopped");
        drainUntilNanos = System.nanoTime() + within.dividedBy(2).toNanos();
        stopping = true;
        thread.join(within);
        threads.shutdownNow();
        results.close();
    }

    /// Ends as if the process was killed: nothing is committed, written or waited for. For tests.
    public void kill() throws InterruptedException {
        killed = true;
        stopping = true;
        results.abandon();
        threads.shutdownNow();
        KafkaConsumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
        thread.join();
    }

    private void run() {
        while (!stopping) {
            try (KafkaConsumer<byte[], byte[]> opened = open()) {
                consumer = opened;
                opened.subscribe(Set.of(log.topics().push().name()), new Assignments(opened));
                follow(opened);
                if (!killed) {
                    drain(opened);
                    opened.close(CloseOptions.timeout(AGAIN_AFTER)
                            .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
                } else {
                    opened.close(CloseOptions.timeout(Duration.ZERO)
                            .withGroupMembershipOperation(GroupMembershipOperation.REMAIN_IN_GROUP));
                }
            } catch (WakeupException e) {
                LOG.debug("{} stops", name());
            } catch (KafkaException e) {
                LOG.error("{} reads again after a failure", name(), e);
                awaitIdle(window.partitions(), ANSWERED_WITHIN);
                forgetAll();
                pause();
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> open() {
        Map<String, Object> asked = new HashMap<>();
        asked.put(ConsumerConfig.GROUP_ID_CONFIG, "milena-push-" + platform.word());
        asked.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instanceId);
        asked.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        asked.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        asked.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        asked.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        asked.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, WINDOW);
        asked.put(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                IsolationLevel.READ_COMMITTED.toString().toLowerCase(Locale.ROOT));
        asked.put(ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        return new KafkaConsumer<>(
                log.clients().consumer(asked), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private void follow(KafkaConsumer<byte[], byte[]> opened) {
        long commitNanos = System.nanoTime();
        while (!stopping) {
            // Read records are at most one poll's: while some wait, none are added.
            if (read.isEmpty() && !window.isFull()) {
                opened.resume(opened.paused());
            } else {
                opened.pause(opened.assignment());
            }
            opened.poll(POLL).forEach(read::add);
            while (!read.isEmpty() && !window.isFull()) {
                begin(read.remove());
            }
            if (System.nanoTime() - commitNanos > COMMIT_NANOS) {
                commitNanos = System.nanoTime();
                commit(opened);
                lag = opened.assignment().stream()
                                .mapToLong(partition ->
                                        opened.currentLag(partition).orElse(0))
                                .sum()
                        + read.size();
            }
        }
    }

    private void begin(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        PushIntent intent = intent(record);
        boolean isDone = ended.getOrDefault(partition, Set.of()).contains(record.offset());
        if (intent == null || !intent.getPlatform().equals(platform.word()) || isDone) {
            window.passed(partition, record.offset());
            return;
        }
        long generation = window.begins(partition, record.offset());
        if (generation != 0) {
            try {
                threads.execute(() -> handle(
                        intent,
                        new IntentHandler.Place(
                                record.offset(),
                                () -> window.claims(partition, record.offset(), generation),
                                result -> window.ended(partition, record.offset(), result))));
            } catch (RejectedExecutionException e) {
                LOG.debug("{} stops; the intent at {} has no result", name(), record.offset());
            }
        }
    }

    private @Nullable PushIntent intent(ConsumerRecord<byte[], byte[]> record) {
        try {
            return log.topics().push().values().deserializer().deserialize(record.topic(), record.value());
        } catch (SerializationException e) {
            LOG.error("The intent {}-{} cannot be read and is left out", record.partition(), record.offset());
            return null;
        }
    }

    private void handle(PushIntent intent, IntentHandler.Place place) {
        for (int failures = 0; !stopping; failures++) {
            try {
                if (failures == FAILURES_MAX) {
                    handler.refuse(intent, place);
                } else {
                    handler.handle(intent, place);
                }
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.error("The intent at {} failed", place.offset(), e);
                pause();
            }
        }
    }

    private void commit(KafkaConsumer<byte[], byte[]> opened) {
        Map<TopicPartition, OffsetAndMetadata> commits = window.commits();
        if (!commits.isEmpty()) {
            opened.commitSync(commits);
        }
    }

    /// Results of intents that are being sent are still written.
    private void drain(KafkaConsumer<byte[], byte[]> opened) {
        read.clear();
        opened.pause(opened.assignment());
        window.closing(opened.assignment());
        while (!window.isIdle(opened.assignment()) && drainUntilNanos - System.nanoTime() > 0) {
            opened.poll(POLL);
        }
        commit(opened);
    }

    private void awaitIdle(Collection<TopicPartition> partitions, Duration within) {
        window.closing(partitions);
        long until = System.nanoTime() + within.toNanos();
        while (!window.isIdle(partitions) && !stopping && until - System.nanoTime() > 0) {
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void forgetAll() {
        read.clear();
        ended.clear();
        window.clear();
    }

    private static void pause() {
        try {
            Thread.sleep(AGAIN_AFTER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Runs within polls, on the thread that reads.
    private final class Assignments implements ConsumerRebalanceListener {
        private final KafkaConsumer<byte[], byte[]> opened;

        private Assignments(KafkaConsumer<byte[], byte[]> opened) {
            this.opened = opened;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> committed = opened.committed(new HashSet<>(partitions));
            for (TopicPartition partition : partitions) {
                OffsetAndMetadata at = committed.get(partition);
                PastResults.Found found = past.from(
                        partition.partition(),
                        at == null ? new IntentWindow.ResultsFrom(0, 0) : IntentWindow.resultsFrom(at));
                ended.put(partition, found.intents());
                window.assigned(partition, opened.position(partition), found.end());
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (killed) {
                return;
            }
            read.removeIf(record -> partitions.contains(new TopicPartition(record.topic(), record.partition())));
            awaitIdle(partitions, ANSWERED_WITHIN);
            commit(opened);
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            read.removeIf(record -> partitions.contains(new TopicPartition(record.topic(), record.partition())));
            window.revoked(partitions);
            partitions.forEach(ended::remove);
        }
    }
}
