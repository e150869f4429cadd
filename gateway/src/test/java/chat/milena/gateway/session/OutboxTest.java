package chat.milena.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.Deliveries;
import chat.milena.gateway.FakeSocket;
import chat.milena.protocol.frame.MessageFrames;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.runtime.limit.Holder;
import chat.milena.schemas.word.ErrorCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final int BYTES_MAX = 64 * 1024;
    private static final int CONVERSATIONS_MAX = 3;
    private static final String KILOBYTE = "x".repeat(1_024);

    private final FakeSocket socket = new FakeSocket();
    private final AtomicInteger overflows = new AtomicInteger();
    private final Outbox outbox = outbox(BYTES_MAX);

    /// One of that socket, not opened.
    private Outbox outbox(int bytesMax) {
        return new Outbox(
                socket,
                new ConnectionConfig.Outgoing(bytesMax, CONVERSATIONS_MAX, Duration.ofSeconds(5)),
                OutboxBudget.unbounded().share(Holder.ofTenant("default")),
                overflows::incrementAndGet,
                UnaryOperator.identity());
    }

    private static ServerFrame event(String conversationId, int number) {
        return MessageFrames.created(Deliveries.event("default", conversationId, number, KILOBYTE, "bob")
                .getEvent());
    }

    private static ServerFrame answer(int number) {
        return ServerFrames.error("r" + number, ErrorCode.INVALID_REQUEST, KILOBYTE);
    }

    private void fill(String conversationId, int frames) {
        for (int i = 0; i < frames; i++) {
            outbox.send(event(conversationId, i));
        }
    }

    @BeforeEach
    void open() {
        outbox.open();
    }

    @Test
    void nothingIsWrittenBeforeItIsOpened() {
        Outbox unopened = outbox(BYTES_MAX);
        unopened.send(answer(1));
        socket.run();
        assertThat(socket.written).isEmpty();

        unopened.open();
        socket.run();

        assertThat(socket.written).hasSize(1);
    }

    @Test
    void taskRunsOnceAllIsWrittenAndNotForASocketThatIsGone() {
        AtomicInteger ran = new AtomicInteger();
        socket.reading = false;
        outbox.send(answer(1));
        outbox.whenWritten(ran::incrementAndGet);
        socket.run();
        assertThat(socket.written).hasSize(1);
        assertThat(ran).hasValue(0);
        socket.read();
        assertThat(ran).hasValue(1);

        outbox.whenWritten(ran::incrementAndGet);
        socket.run();
        assertThat(ran).as("nothing waits").hasValue(2);

        socket.reading = false;
        outbox.send(answer(2));
        outbox.whenWritten(ran::incrementAndGet);
        socket.run();
        outbox.discard();
        socket.read();
        assertThat(ran).hasValue(2);
    }

    @Test
    void framesThatWaitForTheirSliceLeaveInOneBurst() throws InterruptedException {
        WriteSlices slices = new WriteSlices(8, Duration.ZERO, Duration.ZERO);
        outbox.send(event("c1", 1), slices);
        outbox.send(event("c1", 2), slices);
        socket.run();
        assertThat(socket.written).isEmpty();

        slices.write(() -> false);
        socket.run();

        assertThat(socket.written).hasSize(2);
        assertThat(socket.bursts).hasValue(1);
    }

    @Test
    void frameThatWaitsForNothingTakesAlongWhatWaitsForItsSlice() throws InterruptedException {
        WriteSlices slices = new WriteSlices(8, Duration.ZERO, Duration.ZERO);
        outbox.send(event("c1", 1), slices);
        outbox.send(answer(1));
        outbox.send(event("c1", 2), slices);
        socket.run();
        assertThat(socket.written).hasSize(3);
        assertThat(socket.bursts).hasValue(1);

        slices.write(() -> false);
        socket.run();
        assertThat(socket.bursts).hasValue(1);

        outbox.send(event("c1", 3), slices);
        slices.write(() -> false);
        socket.run();
        assertThat(socket.written).hasSize(4);
    }

    @Test
    void closeStandsBehindWhatWaitsForItsSlice() throws InterruptedException {
        WriteSlices slices = new WriteSlices(8, Duration.ZERO, Duration.ZERO);
        outbox.send(event("c1", 1), slices);
        outbox.close(CloseCode.DRAINING);
        socket.run();
        assertThat(socket.written).isEmpty();
        assertThat(socket.closed).isNull();

        slices.write(() -> false);
        socket.run();

        assertThat(socket.written).hasSize(1);
        assertThat(socket.closed).isEqualTo(CloseCode.DRAINING);
    }

    @Test
    void socketThatIsGoneIsNotWrittenToWhateverStillWaits() throws InterruptedException {
        WriteSlices slices = new WriteSlices(8, Duration.ZERO, Duration.ZERO);
        outbox.send(event("c1", 1), slices);
        outbox.discard();
        slices.write(() -> false);
        socket.run();
        outbox.send(event("c1", 2));
        socket.run();

        assertThat(socket.written).isEmpty();
        assertThat(outbox.isClosing()).isTrue();
    }

    @Test
    void framesThatGatherWhileTheClientReadsLeaveInOneBurst() {
        socket.reading = false;
        outbox.send(answer(0));
        socket.run();
        for (int i = 1; i <= 20; i++) {
            outbox.send(answer(i));
        }
        socket.run();
        assertThat(socket.bursts).hasValue(1);

        socket.read();

        assertThat(socket.bursts).hasValue(2);
        assertThat(socket.written).hasSize(21);
    }

    @Test
    void fleetingFramesAreDroppedWithoutAWordAndNeverCloseAnybody() {
        socket.reading = false;
        ServerFrame typing = ServerFrames.typing("c1", "bob", true);
        for (int i = 0; i < 4 * BYTES_MAX / typing.bytes(); i++) {
            outbox.send(typing);
        }
        socket.run();
        assertThat(outbox.bytes()).isLessThanOrEqualTo(BYTES_MAX);

        socket.read();
        outbox.send(answer(1));
        socket.run();

        assertThat(socket.closed).isNull();
        assertThat(overflows).hasValue(0);
        assertThat(socket.written.getLast()).contains("r1");
        assertThat(socket.written).noneMatch(frame -> frame.contains("resync"));
    }

    @Test
    void bytesCountUntilTheSocketHasTakenThem() {
        socket.reading = false;
        outbox.send(answer(0));
        socket.run();
        assertThat(outbox.bytes()).isPositive();

        socket.read();

        assertThat(outbox.bytes()).isZero();
    }

    @Test
    void slowClientMissesEventsAndIsToldWhichConversationsToSync() {
        socket.reading = false;
        fill("c1", 200);
        outbox.send(event("c2", 1));
        socket.run();
        assertThat(outbox.bytes()).isLessThanOrEqualTo(BYTES_MAX);
        assertThat(overflows).hasValue(1);

        socket.read();

        assertThat(socket.written).hasSizeLessThan(100);
        assertThat(socket.written.getLast())
                .isEqualTo("{\"type\":\"resync\",\"payload\":{\"conversationIds\":[\"c1\",\"c2\"]}}");
        assertThat(socket.written.stream().filter(frame -> frame.contains("resync")))
                .hasSize(1);
        outbox.send(event("c1", 999));
        socket.run();
        assertThat(socket.written.getLast()).contains("\"sequenceNumber\":999");
        assertThat(socket.closed).isNull();
    }

    @Test
    void eventsStayUnwelcomeUntilTheResyncIsSaid() {
        socket.reading = false;
        fill("c1", 200);
        // Small enough to fit, but what comes before it was dropped.
        outbox.send(MessageFrames.created(
                Deliveries.event("default", "c1", 777, "x", "bob").getEvent()));

        socket.read();

        assertThat(socket.written).noneMatch(frame -> frame.contains("\"sequenceNumber\":777"));
    }

    @Test
    void answersAreNeverDroppedUpToTwiceTheBound() {
        socket.reading = false;
        fill("c1", 200);
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            outbox.send(answer(i));
            answers.add(answer(i).toString());
        }

        socket.read();

        assertThat(socket.written).containsAll(answers);
        assertThat(socket.closed).isNull();
    }

    @Test
    void answersBeyondTwiceTheBoundCloseWith1013() {
        socket.reading = false;
        for (int i = 0; i < 300; i++) {
            outbox.send(answer(i));
        }
        socket.run();

        assertThat(socket.cut).isTrue();
        socket.read();
        assertThat(socket.closed).isEqualTo(CloseCode.TRY_AGAIN_LATER);
        assertThat(outbox.bytes()).isZero();
    }

    @Test
    void tooManyMissedConversationsCloseWith1013() {
        socket.reading = false;
        fill("c0", 100);
        for (int i = 1; i <= CONVERSATIONS_MAX; i++) {
            outbox.send(event("c" + i, 1));
        }

        socket.read();

        assertThat(socket.closed).isEqualTo(CloseCode.TRY_AGAIN_LATER);
    }

    @Test
    void closeComesAfterWhatWaitsAndNothingAfterIt() {
        outbox.send(answer(1));
        outbox.close(CloseCode.DRAINING);
        outbox.send(answer(2));
        socket.run();

        assertThat(socket.written).hasSize(1);
        assertThat(socket.closed).isEqualTo(CloseCode.DRAINING);
        assertThat(socket.cut).isTrue();
    }

    @Test
    void clientThatDoesNotReadIsCutWhenClosed() {
        socket.reading = false;
        outbox.send(answer(1));
        socket.run();

        outbox.close(CloseCode.SILENT);
        socket.run();

        assertThat(socket.closed).isNull();
        assertThat(socket.cut).isTrue();
    }

    @Test
    void pongsAreNotPiledUpForAClientThatDoesNotRead() {
        outbox.pong(ByteBuffer.allocate(1));
        socket.reading = false;
        fill("c1", 200);
        for (int i = 0; i < 40; i++) {
            outbox.send(answer(i));
        }

        outbox.pong(ByteBuffer.allocate(1));

        assertThat(socket.pongs).hasValue(1);
    }

    @Test
    void framesOfEachThreadKeepTheirOrder() throws Exception {
        int threads = 4;
        int each = 5_000;
        CountDownLatch done = new CountDownLatch(threads);
        Outbox large = outbox(64 * 1024 * 1024);
        large.open();
        for (int thread = 0; thread < threads; thread++) {
            String conversationId = "c" + thread;
            Thread.ofPlatform().start(() -> {
                for (int number = 1; number <= each; number++) {
                    large.send(MessageFrames.created(Deliveries.event("default", conversationId, number, "x", "bob")
                            .getEvent()));
                }
                done.countDown();
            });
        }
        while (done.getCount() > 0 || large.bytes() > 0) {
            socket.run();
        }

        Pattern numbers = Pattern.compile("\"conversationId\":\"(c\\d)\".*\"sequenceNumber\":(\\d+)");
        Map<String, Integer> last = new HashMap<>();
        for (String frame : socket.written) {
            Matcher found = numbers.matcher(frame);
            assertThat(found.find()).isTrue();
            int number = Integer.parseInt(found.group(2));
            assertThat(number).isEqualTo(last.getOrDefault(found.group(1), 0) + 1);
            last.put(found.group(1), number);
        }
        assertThat(last)
                .hasSize(threads)
                .allSatisfy((id, number) -> assertThat(number).isEqualTo(each));
    }

    @Test
    void pingsOfAClientThatDoesNotReadAreAnsweredUpToABound() {
        socket.reading = false;
        for (int i = 0; i < 1_000; i++) {
            outbox.pong(ByteBuffer.allocate(1));
        }
        assertThat(socket.pongs).hasValue(64);

        socket.read();
        outbox.pong(ByteBuffer.allocate(1));

        assertThat(socket.pongs).hasValue(65);
    }

    @Test
    void initialFramesAreWrittenFirstAndDoNotCount() {
        Outbox unopened = outbox(BYTES_MAX);
        unopened.send(answer(1));
        unopened.open(new Frames(200));
        socket.run();
        unopened.send(answer(2));
        socket.run();

        assertThat(socket.written).hasSize(202);
        assertThat(socket.written.subList(0, 200)).allMatch(text -> text.contains("initial"));
        assertThat(unopened.bytes()).isZero();
        assertThat(overflows).hasValue(0);
    }

    /// For every place at which a burst can end.
    @Test
    void nothingIsStuckBehindInitialFrames() {
        for (int frames = 0; frames < 150; frames++) {
            socket.written.clear();
            Outbox unopened = outbox(BYTES_MAX);
            unopened.open(new Frames(frames));
            socket.run();
            unopened.send(answer(1));
            socket.run();

            assertThat(socket.written).as("after %s frames", frames).hasSize(frames + 1);
        }
    }

    @Test
    void initialFramesOfASocketThatIsGoneAreDropped() {
        Outbox unopened = outbox(BYTES_MAX);
        Frames first = new Frames(200);
        socket.reading = false;
        unopened.open(first);
        socket.run();
        unopened.discard();
        socket.read();

        assertThat(first.discarded).isTrue();
        assertThat(socket.written).hasSizeLessThan(100);
    }

    private static final class Frames implements InitialFrames {
        private int left;
        private boolean discarded;

        private Frames(int count) {
            left = count;
        }

        @Override
        public @Nullable ServerFrame next() {
            return left-- > 0 ? ServerFrames.error("initial", ErrorCode.UNAVAILABLE, "x") : null;
        }

        @Override
        public void discard() {
            discarded = true;
            left = 0;
        }
    }
}
