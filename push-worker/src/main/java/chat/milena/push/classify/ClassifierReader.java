package chat.milena.push.classify;

import chat.milena.push.classify.Question.Place;
import chat.milena.push.courier.Courier;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.HostProcess;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.streams.run.InstalledLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the log of messages, has the classifiers of their tenants asked about them, and writes what they say as
/// commands.
///
/// ```text
///   chat.tenants.v1 ──▶ TenantClassifiers
///                              │
///   chat.messages.v1 ─▶ ClassifierReader ─▶ Asker ─▶ the classifier of the tenant
///                              │  ▲            │
///   chat.inbound.v1 ◀── one transaction ◀── outcomes
/// ```
///
/// The commands, and which records have their outcome ([AskedOffsets]), are in one transaction. So an outcome acts
/// once, and after a kill only those questions are asked again that had no recorded outcome. One thread reads and
/// writes; questions are asked on others, and nothing waits for an answer. Nothing is read before a tenant has a
/// classifier.
public final class ClassifierReader implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(ClassifierReader.class);
    private static final String NAME = "classifier";
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(1);
    private static final long COMMIT_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long OUTCOMES_NANOS = Duration.ofMillis(50).toNanos();
    private static final int OUTCOMES_MAX = 200;
    /// A record that is not older is new.
    private static final Duration NEW = Duration.ofSeconds(5);
    private final InstalledLog log;
    private final ClassifierLog files;
    private final Readiness readiness;
    private final Clock clock;
    private final Asker asker;
    private final QuestionReader questions;
    private final ClassifierMeters meters;
    private final FailureLog failures = new FailureLog();
    private final Map<TopicPartition, Lane> lanes = new HashMap<>();
    /// At most as many as questions are in the backlog, and those of one poll that had no room there.
    private final Queue<Ended> outcomes = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private long lanesMade;
    private long committedNanos = System.nanoTime();
    private volatile long lag;
    /// When it last did its work, or had none. Rules that come at the start are work, too.
    private volatile long aliveNanos = System.nanoTime();
    private volatile boolean stopping;
    private volatile boolean killed;
    private volatile long drainUntilNanos;

    private record Ended(Question question, ClassifierAnswer outcome) {}

    /// @param instanceId names the process among those of the installation, so that it takes its partitions back
    ClassifierReader(InstalledLog log, String instanceId, ClassifierCall call, Courier courier, HostProcess host) {
        this.log = log;
        this.files = new ClassifierLog(log.clients(), instanceId);
        this.readiness = host.readiness();
        this.clock = host.clock();
        this.questions = new QuestionReader(log.topics().messages(), System::nanoTime);
        this.meters = new ClassifierMeters(host.meters());
        this.asker = new Asker(
                call,
                courier,
                host.clock(),
                System::nanoTime,
                (question, outcome) -> outcomes.add(new Ended(question, outcome)));
        meters.watch(asker::size, () -> lag, () -> TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - aliveNanos));
        this.thread = Thread.ofPlatform().name(NAME).unstarted(this::run);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start() {
        thread.start();
        readiness.set(NAME, true, "");
    }

    /// Begins no question any more, and records the outcomes of those that are being asked.
    @Override
    public void stop(Duration within) throws InterruptedException {
        readiness.set(NAME, false, "stopped");
        drainUntilNanos = System.nanoTime() + within.dividedBy(2).toNanos();
        stopping = true;
        thread.join(within);
        asker.closeNow();
    }

    /// Ends as if the process was killed: nothing is recorded or waited for. For tests.
    public void kill() throws InterruptedException {
        killed = true;
        stopping = true;
        asker.closeNow();
        thread.join();
    }

    private void run() {
        while (!stopping) {
            try (TenantClassifiers tenants =
                    TenantClassifiers.read(log.topics().tenants(), log.clients(), () -> stopping, this::noteProgress)) {
                awaitFirst(tenants);
                while (!stopping) {
                    readUntilAFailure(tenants);
                }
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    private void readUntilAFailure(TenantClassifiers tenants) {
        try {
            read(tenants);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private static void failed(RuntimeException failure) {
        LOG.error("The classifiers are asked again after a failure", failure);
        pause(AGAIN_AFTER);
    }

    private void awaitFirst(TenantClassifiers tenants) {
        while (tenants.isEmpty() && !stopping) {
            pause(POLL.multipliedBy(10));
            tenants.follow();
            noteProgress();
        }
    }

    private void noteProgress() {
        aliveNanos = System.nanoTime();
    }

    private void read(TenantClassifiers tenants) {
        try (KafkaProducer<byte[], byte[]> producer = files.producer();
                KafkaConsumer<byte[], byte[]> consumer = files.consumer()) {
            producer.initTransactions();
            consumer.subscribe(Set.of(log.topics().messages().name()), new Assignments(consumer, producer));
            follow(tenants, consumer, producer);
            if (!killed) {
                drain(consumer, producer);
                ClassifierLog.leave(consumer);
            }
        } finally {
            forget();
        }
    }

    private void follow(
            TenantClassifiers tenants, KafkaConsumer<byte[], byte[]> consumer, KafkaProducer<byte[], byte[]> producer) {
        try {
            while (!stopping) {
                tenants.follow();
                QuestionReader.latest(consumer.poll(POLL)).forEach((key, record) -> take(tenants, key, record));
                noteProgress();
                lanes.forEach((partition, lane) -> {
                    lane.offsets().readUpTo(consumer.position(partition));
                    if (lane.mayRead(asker)) {
                        consumer.resume(List.of(partition));
                    } else {
                        consumer.pause(List.of(partition));
                    }
                });
                if (isDue()) {
                    commit(consumer, producer);
                    lag = consumer.assignment().stream()
                            .mapToLong(
                                    partition -> consumer.currentLag(partition).orElse(0))
                            .sum();
                }
            }
        } catch (RuntimeException e) {
            // The close of the consumer must not commit.
            lanes.clear();
            throw e;
        }
    }

    private void take(TenantClassifiers tenants, EventKey key, ConsumerRecord<byte[], byte[]> record) {
        Lane lane = lanes.get(new TopicPartition(record.topic(), record.partition()));
        if (lane == null) {
            return;
        }
        Question earlier = asker.drop(key);
        if (earlier != null) {
            // Without a command: the sequencer would discard what is said about an earlier revision.
            lane.offsets().ends(earlier.place().offset());
        }
        if (lane.offsets().isDone(record.offset())) {
            return;
        }
        Question question = questions.question(tenants, key, record, lane.id());
        if (question != null) {
            lane.offsets().begins(record.offset());
            meters.asked();
            asker.ask(question);
            if (record.timestamp() < clock.millis() - NEW.toMillis()) {
                lane.oldQuestion(question.tenant(), asker);
            }
        }
    }

    private boolean isDue() {
        long since = System.nanoTime() - committedNanos;
        return since > COMMIT_NANOS
                || (!outcomes.isEmpty() && since > OUTCOMES_NANOS)
                || outcomes.size() > OUTCOMES_MAX;
    }

    /// Records outcomes and positions, in one transaction.
    private void commit(KafkaConsumer<byte[], byte[]> consumer, KafkaProducer<byte[], byte[]> producer) {
        committedNanos = System.nanoTime();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        List<Ended> recorded = new ArrayList<>();
        for (Ended ended = outcomes.poll(); ended != null; ended = outcomes.poll()) {
            Place place = ended.question.place();
            Lane lane = lanes.get(place.partition());
            if (lane != null && lane.id() == place.lane()) {
                lane.offsets().ends(place.offset());
                recorded.add(ended);
            }
        }
        lanes.forEach((partition, lane) -> {
            OffsetAndMetadata next = lane.offsets().commit();
            if (next != null) {
                offsets.put(partition, next);
            }
        });
        if (offsets.isEmpty() && recorded.isEmpty()) {
            return;
        }
        producer.beginTransaction();
        if (!offsets.isEmpty()) {
            // Before the commands: these hold up the commands behind them until the commit.
            producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        }
        for (Ended ended : recorded) {
            InboundCommand command = VerdictCommands.of(ended.question, ended.outcome);
            if (command != null) {
                // A failure of it fails the commit.
                var _ = producer.send(record(ended.question.message().conversation(), command));
            }
        }
        producer.commitTransaction();
        Instant now = clock.instant();
        for (Ended ended : recorded) {
            meters.recorded(
                    ended.outcome, Duration.between(ended.question.message().writtenAt(), now));
            failures.noted(ended.question.tenant(), ended.outcome, now);
        }
    }

    private ProducerRecord<byte[], byte[]> record(ConversationKey key, InboundCommand command) {
        var topic = log.topics().inbound();
        return new ProducerRecord<>(
                topic.name(),
                topic.partitionOf(key),
                key.toBytes(),
                topic.values().serializer().serialize(topic.name(), command));
    }

    private void drain(KafkaConsumer<byte[], byte[]> consumer, KafkaProducer<byte[], byte[]> producer) {
        asker.close();
        while (asker.isAsking() && drainUntilNanos - System.nanoTime() > 0) {
            pause(POLL);
        }
        commit(consumer, producer);
        lanes.clear();
    }

    private void forget() {
        asker.leave(null);
        lanes.clear();
        outcomes.clear();
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Runs within polls, on the thread that reads.
    private final class Assignments implements ConsumerRebalanceListener {
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final KafkaProducer<byte[], byte[]> producer;

        private Assignments(KafkaConsumer<byte[], byte[]> consumer, KafkaProducer<byte[], byte[]> producer) {
            this.consumer = consumer;
            this.producer = producer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(new HashSet<>(partitions));
            Set<TopicPartition> begun = new HashSet<>(partitions);
            begun.removeIf(partition -> committed.get(partition) != null);
            ClassifierLog.begin(consumer, begun, clock.instant());
            for (TopicPartition partition : partitions) {
                lanes.put(
                        partition,
                        new Lane(
                                ++lanesMade,
                                partition,
                                new AskedOffsets(consumer.position(partition), committed.get(partition))));
            }
        }

        /// Records the outcomes that have come, and waits for no other: all other readers wait for this one. The next
        /// reader asks again, and the outcome of this one is dropped.
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (killed || lanes.keySet().stream().noneMatch(partitions::contains)) {
                return;
            }
            partitions.forEach(asker::leave);
            commit(consumer, producer);
            partitions.forEach(lanes::remove);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            partitions.forEach(asker::leave);
            partitions.forEach(lanes::remove);
        }
    }
}
