package chat.milena.gateway.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.gateway.Deliveries;
import chat.milena.gateway.delivery.DeliveryCodec;
import chat.milena.gateway.delivery.LoggedDelivery;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LogScanTest {
    private static final int SHARD = 2;

    private final TopicSpec<ShardKey, Delivery> topic =
            new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load()).deliveries();
    private final TopicPartition partition = new TopicPartition(topic.name(), SHARD);
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final LogScan scan = scan(ResumeConfig.DEFAULT.scans());

    private LogScan scan(ResumeConfig.Scans config) {
        return new LogScan(new DeliveryCodec(topic), () -> consumer, config);
    }

    private static ResumeConfig.Scans bounded(int scans, int deliveries, long bytes) {
        return new ResumeConfig.Scans(scans, deliveries, bytes);
    }

    private static long soon(Duration within) {
        return System.nanoTime() + within.toNanos();
    }

    private void holds(long begin, long... offsets) {
        consumer.updateBeginningOffsets(Map.of(partition, begin));
        consumer.schedulePollTask(() -> {
            for (long offset : offsets) {
                consumer.addRecord(new ConsumerRecord<>(
                        topic.name(), SHARD, offset, new ShardKey(SHARD).toBytes(), value(offset)));
            }
        });
    }

    private byte[] value(long number) {
        return topic.values()
                .serializer()
                .serialize(topic.name(), Deliveries.event("default", "c1", number, "hi", "bob"));
    }

    @Test
    void everythingUpToTheEndIsReadAndNothingBehindIt() throws Exception {
        holds(0, LongStream.range(5, 20).toArray());

        List<LoggedDelivery> read = scan.read(SHARD, 5, 15, soon(Duration.ofSeconds(10)));

        assertThat(read)
                .extracting(LoggedDelivery::offset)
                .containsExactly(5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L, 14L);
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void recordThatCannotBeReadIsPassedOver() throws Exception {
        holds(0, 5);
        consumer.schedulePollTask(
                () -> consumer.addRecord(new ConsumerRecord<>(topic.name(), SHARD, 6, new byte[] {1}, new byte[] {2})));

        assertThat(scan.read(SHARD, 5, 7, soon(Duration.ofSeconds(10)))).hasSize(1);
    }

    @Test
    void offsetThatIsGoneIsTooOld() {
        holds(10, 10, 11);

        assertFails(scan, 5, ResumeResult.TOO_OLD);
    }

    @Test
    void moreThanItsBoundsIsTooOld() {
        holds(0, LongStream.range(0, 100).toArray());
        assertFails(scan(bounded(1, 10, 1_000_000)), 50, ResumeResult.TOO_OLD);
    }

    @Test
    void moreBytesThanItsBoundIsTooOld() {
        holds(0, LongStream.range(0, 100).toArray());
        assertFails(scan(bounded(1, 1_000, 500)), 50, ResumeResult.TOO_OLD);
    }

    @Test
    void tooFarBackIsNotBegun() {
        assertFails(scan(bounded(1, 10, 1_000_000)), 0, ResumeResult.TOO_OLD);
        assertThat(consumer.closed()).isFalse();
    }

    @Test
    void whoFindsNoPlaceIsToldThatItIsBusy() {
        assertFails(scan(bounded(0, 1_000, 1_000_000)), 50, ResumeResult.BUSY);
        assertThat(consumer.closed()).isFalse();
    }

    @Test
    void whoSharesThePlacesNeedsOneOfTheShareAndOneOfAll() throws Exception {
        assertFails(scan.sharing(0), 50, ResumeResult.BUSY);
        assertFails(scan(bounded(0, 1_000, 1_000_000)).sharing(1), 50, ResumeResult.BUSY);
        assertThat(consumer.closed()).isFalse();

        holds(0, LongStream.range(5, 20).toArray());
        assertThat(scan.sharing(1).read(SHARD, 5, 15, soon(Duration.ofSeconds(10))))
                .hasSize(10);
    }

    @Test
    void logThatCannotBeReadIsAFailure() {
        holds(0);
        consumer.schedulePollTask(() -> consumer.setPollException(new TopicAuthorizationException("no")));

        assertFails(scan, 50, ResumeResult.FAILED);
        assertThat(consumer.closed()).isTrue();
    }

    private static void assertFails(LogScan scan, long from, ResumeResult result) {
        assertThatThrownBy(() -> scan.read(SHARD, from, 100, System.nanoTime() + TimeUnit.SECONDS.toNanos(1)))
                .isInstanceOf(NotResumableException.class)
                .hasMessage(result.word());
    }
}
