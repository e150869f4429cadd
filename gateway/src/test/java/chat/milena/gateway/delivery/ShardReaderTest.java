package chat.milena.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import chat.milena.gateway.Deliveries;
import chat.milena.gateway.delivery.Shards.Lease;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.testsupport.MovableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ShardReaderTest {
    private static final Duration LINGER = Duration.ofSeconds(30);

    private final TopicSpec<ShardKey, Delivery> topic =
            new TopicCatalogue(new Sizing(4, 4, 4, 1, 1, Duration.ofDays(30)), ShippedSchemas.load()).deliveries();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final MovableClock clock = new MovableClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Delivery> received = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private ShardReader reader;

    private final List<String> told = new CopyOnWriteArrayList<>();

    private final class Feed implements ShardFeed {
        @Override
        public void begun(int shard, long offset) {
            told.add("begun " + shard + " at " + offset);
        }

        @Override
        public void accept(LoggedDelivery delivery) {
            told.add("delivery " + delivery.shard() + " at " + delivery.offset());
            received.add(delivery.delivery());
        }

        @Override
        public void advanced(int shard, long offset) {
            told.add("advanced " + shard + " to " + offset);
        }

        @Override
        public void ended(int shard) {
            told.add("ended " + shard);
        }
    }

    @BeforeEach
    void start() {
        Map<TopicPartition, Long> begins = new HashMap<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (int shard = 0; shard < topic.partitions(); shard++) {
            begins.put(partition(shard), 0L);
            ends.put(partition(shard), 100L);
        }
        consumer.updateBeginningOffsets(begins);
        consumer.updateEndOffsets(ends);
        reader = new ShardReader(topic, consumer, LINGER, new Feed(), clock::nanos, meters, failures::add);
        reader.start();
    }

    @AfterEach
    void stop() {
        reader.close();
        assertThat(consumer.closed()).isTrue();
    }

    private TopicPartition partition(int shard) {
        return new TopicPartition(topic.name(), shard);
    }

    private void commit(int shard, long offset, byte[] value) {
        commit(shard, offset, new ShardKey(shard).toBytes(), value);
    }

    private void commit(int shard, long offset, byte @Nullable [] key, byte @Nullable [] value) {
        consumer.schedulePollTask(
                () -> consumer.addRecord(new ConsumerRecord<>(topic.name(), shard, offset, key, value)));
        consumer.schedulePollTask(() -> {});
    }

    private byte[] event(int number) {
        return topic.values()
                .serializer()
                .serialize(topic.name(), Deliveries.event("default", "c1", number, "hi", "bob"));
    }

    private Lease acquire(int shard) throws Exception {
        Lease lease = reader.acquire(shard);
        lease.ready().get(5, TimeUnit.SECONDS);
        return lease;
    }

    @Test
    void leaseIsReadyAtTheEndOfItsShardAndWhatComesLaterIsReceivedInOrder() throws Exception {
        acquire(2);
        for (int number = 1; number <= 50; number++) {
            commit(2, 99 + number, event(number));
        }

        await().until(() -> received.size() == 50);
        assertThat(received)
                .extracting(delivery -> delivery.getEvent().getSequenceNumber())
                .isSorted();
    }

    @Test
    void feedIsToldWhereAShardBeginsAndHowFarItHasCome() throws Exception {
        Lease lease = acquire(2);
        assertThat(told).startsWith("begun 2 at 100");
        commit(2, 100, event(1));
        await().until(() -> told.contains("advanced 2 to 101"));
        assertThat(told).containsSubsequence("begun 2 at 100", "delivery 2 at 100", "advanced 2 to 101");

        lease.release();
        clock.advance(LINGER);
        await().until(() -> told.contains("ended 2"));
    }

    @Test
    void quietShardPassesMarkersWhileOthersAreBusy() throws Exception {
        acquire(1);
        acquire(2);
        // Until then it may be woken, and a poll that is woken gives what it has to the next one.
        commit(1, 100, event(1));
        await().until(() -> received.size() == 1);
        byte[] key = new ShardKey(1).toBytes();
        consumer.schedulePollTask(() -> {
            consumer.addRecord(new ConsumerRecord<>(topic.name(), 1, 101, key, event(2)));
            // As where nothing but a marker stood.
            consumer.seek(partition(2), 105);
            // From within, so that no poll in between finds nothing.
            consumer.schedulePollTask(
                    () -> consumer.addRecord(new ConsumerRecord<>(topic.name(), 1, 102, key, event(3))));
        });

        await().until(() -> received.size() == 3);
        assertThat(told).containsSubsequence("delivery 1 at 101", "advanced 2 to 105", "delivery 1 at 102");
    }

    @Test
    void secondLeaseDoesNotMoveTheShard() throws Exception {
        acquire(1);
        commit(1, 100, event(1));
        await().until(() -> received.size() == 1);
        consumer.schedulePollTask(() -> consumer.updateEndOffsets(Map.of(partition(1), 500L)));

        acquire(1);
        acquire(3);
        commit(1, 101, event(2));

        await().until(() -> received.size() == 2);
    }

    @Test
    void shardIsReadOnForAWhileAfterItsLastLease() throws Exception {
        Lease first = acquire(0);
        Lease second = acquire(0);
        first.release();
        first.release();
        clock.advance(LINGER);
        commit(0, 100, event(1));
        await().until(() -> received.size() == 1);

        second.release();
        commit(0, 101, event(2));
        await().until(() -> received.size() == 2);
        clock.advance(LINGER);

        await().until(() -> consumer.assignment().isEmpty());
        acquire(0);
        assertThat(consumer.assignment()).isEqualTo(Set.of(partition(0)));
    }

    @Test
    void recordThatCannotBeReadIsCountedAndSkipped() throws Exception {
        acquire(0);
        byte[] key = new ShardKey(0).toBytes();
        byte[] whole = event(1);
        commit(0, 100, new byte[] {9, 9, 9});
        commit(0, 101, Arrays.copyOf(whole, whole.length - 2));
        commit(0, 102, key, null);
        commit(0, 103, null, whole);
        commit(0, 104, new byte[] {1}, whole);
        commit(0, 105, new ShardKey(1).toBytes(), whole);
        commit(0, 106, event(2));

        await().until(() -> received.size() == 1);
        assertThat(received.getFirst().getEvent().getSequenceNumber()).isEqualTo(2);
        assertThat(meters.counter("milena.gateway.delivery.poison").count()).isEqualTo(6);
    }

    @Test
    void brokerThatIsAwayIsWaitedFor() throws Exception {
        acquire(0);
        consumer.schedulePollTask(() -> consumer.setPollException(new DisconnectException("away")));
        commit(0, 100, event(1));

        await().until(() -> received.size() == 1);
        assertThat(failures).isEmpty();
    }

    @Test
    void whatCanNeverWorkIsReportedAndFailsLeases() throws Exception {
        acquire(0);
        KafkaException never = new TopicAuthorizationException("no");
        consumer.schedulePollTask(() -> consumer.setPollException(never));

        await().until(() -> failures.equals(List.of(never)));
        assertThatThrownBy(() -> reader.acquire(1).ready().get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCause(never);
    }

    @Test
    void whateverEndsItsThreadIsReportedAndFailsLeases() throws Exception {
        acquire(0);
        Error expected = new AssertionError("expected by this test");
        consumer.schedulePollTask(() -> {
            throw expected;
        });

        await().until(() -> failures.equals(List.of(expected)));
        assertThatThrownBy(() -> reader.acquire(1).ready().get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCause(expected);
    }

    @Test
    void stoppingFailsLeasesThatWait() {
        reader.close();

        assertThat(reader.acquire(0).ready()).isCompletedExceptionally();
    }
}
