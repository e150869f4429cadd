package chat.milena.standalone.e2e;

import static org.awaitility.Awaitility.await;

import chat.milena.bench.frame.ServerFrame;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/// What a device must have heard; after [#eventually()], what it must hear in the next seconds.
final class DeviceAssert extends AbstractAssert<DeviceAssert, Device> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Duration patience = Duration.ZERO;

    private DeviceAssert(Device actual) {
        super(actual, DeviceAssert.class);
    }

    static DeviceAssert assertThat(Device device) {
        return new DeviceAssert(device);
    }

    DeviceAssert eventually() {
        patience = PATIENCE;
        return this;
    }

    /// All messages that ever came are exactly these texts, in this order.
    DeviceAssert received(String... texts) {
        check(() -> Assertions.assertThat(actual.received())
                .extracting(ServerFrame.MessageNew::text)
                .containsExactly(texts));
        return this;
    }

    /// All numbers that came of this conversation, with acks and changes, are exactly 1 to `last`, in this order.
    DeviceAssert sawEveryNumber(String conversationId, long last) {
        List<Long> expected = LongStream.rangeClosed(1, last).boxed().toList();
        check(() -> Assertions.assertThat(numbers(conversationId)).isEqualTo(expected));
        return this;
    }

    /// It heard once that this conversation came to be, as number 1.
    DeviceAssert heardOf(String conversationId) {
        check(() -> Assertions.assertThat(actual.heard(ServerFrame.ConversationCreated.class))
                .filteredOn(created -> created.conversationId().equals(conversationId))
                .singleElement()
                .extracting(ServerFrame.ConversationCreated::sequenceNumber)
                .isEqualTo(1L));
        return this;
    }

    private List<Long> numbers(String conversationId) {
        return actual.heard().stream()
                .map(frame -> number(frame, conversationId))
                .filter(number -> number > 0)
                .toList();
    }

    private static long number(ServerFrame frame, String conversationId) {
        return switch (frame) {
            case ServerFrame.MessageAck ack when ack.conversationId().equals(conversationId) -> ack.sequenceNumber();
            case ServerFrame.MessageNew sent when sent.conversationId().equals(conversationId) -> sent.sequenceNumber();
            case ServerFrame.ConversationCreated made
            when made.conversationId().equals(conversationId) -> made.sequenceNumber();
            default -> 0;
        };
    }

    private void check(Runnable assertion) {
        if (patience.isZero()) {
            assertion.run();
        } else {
            await().atMost(patience).pollInterval(Duration.ofMillis(20)).untilAsserted(assertion::run);
        }
    }
}
