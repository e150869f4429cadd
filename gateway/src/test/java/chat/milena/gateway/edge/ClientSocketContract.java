package chat.milena.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.gateway.session.ClientSocket;
import chat.milena.protocol.frame.CloseCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every socket of a client keeps, the fake of other tests too.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ClientSocketContract {
    /// More than the buffers of both systems take.
    private static final int MUCH = 16 << 20;

    private final AtomicInteger flushed = new AtomicInteger();

    abstract ClientSocket socket();

    /// Does what the I/O thread has to do, where that is not a thread of its own.
    void work() {}

    /// Everything that the client has got up to this text, which must come.
    abstract String readTo(String text) throws Exception;

    /// The client reads nothing until [#readTo].
    abstract void stopReading();

    /// The client's system drops the connection.
    abstract void vanish() throws Exception;

    /// The client reads until the end, which must come.
    ///
    /// @return everything that came before
    abstract String readToEnd() throws Exception;

    private void onIoThread(Runnable task) {
        socket().execute(task);
        work();
    }

    private void write(String... frames) {
        List<ByteBuffer> texts = List.of(frames).stream()
                .map(frame -> ByteBuffer.wrap(frame.getBytes(StandardCharsets.US_ASCII)))
                .toList();
        onIoThread(() -> socket().write(texts, flushed::incrementAndGet));
    }

    private void awaitFlushed(int times) {
        await().untilAsserted(() -> assertThat(flushed).hasValue(times));
    }

    @Test
    void framesComeInOrderAndEachWriteCallsBackOnce() throws Exception {
        write("<1>", "<2>");
        awaitFlushed(1);
        write("<3>");
        awaitFlushed(2);

        String read = readTo("<3>");

        assertThat(read.indexOf("<1>")).isNotNegative().isLessThan(read.indexOf("<2>"));
        assertThat(read.indexOf("<2>")).isLessThan(read.indexOf("<3>"));
        assertThat(flushed).hasValue(2);
    }

    @Test
    void aClientThatDoesNotReadHoldsBackTheCallback() throws Exception {
        stopReading();
        AtomicInteger early = new AtomicInteger(-1);
        write("x".repeat(MUCH) + "<end>");
        onIoThread(() -> early.set(flushed.get()));
        await().untilAsserted(() -> assertThat(early).hasValue(0));

        readTo("<end>");

        awaitFlushed(1);
    }

    @Test
    void aBrokenSocketCallsBack() throws Exception {
        stopReading();
        write("x".repeat(MUCH));

        vanish();

        awaitFlushed(1);
        onIoThread(() -> socket().close(CloseCode.DRAINING));
        onIoThread(() -> socket().cutSoon());
        assertThat(flushed).hasValue(1);
    }

    @Test
    void aCloseComesAfterTheFramesAndOnce() throws Exception {
        write("<last>");
        onIoThread(() -> {
            socket().close(CloseCode.DRAINING);
            socket().close(CloseCode.DRAINING);
            socket().cutSoon();
            socket().cutSoon();
        });

        String read = readToEnd();

        assertThat(read).contains("<last>");
        assertThat(closes(read)).isEqualTo(1);
        awaitFlushed(1);
    }

    /// How many closes the client got after `<last>`.
    abstract int closes(String read);

    @Test
    void aClientThatDoesNotReadIsCut() throws Exception {
        stopReading();
        write("x".repeat(MUCH));
        onIoThread(() -> socket().cutSoon());

        readToEnd();

        awaitFlushed(1);
    }

    @Test
    void tasksRunInOrderOnOneThread() {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        List<Integer> order = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            onIoThread(() -> {
                threads.add(Thread.currentThread());
                order.add(number);
            });
        }

        await().untilAsserted(() -> assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
        assertThat(threads).hasSize(10).containsOnly(threads.getFirst());
    }

    @Test
    void aBurstMayWriteFromAnyThread() throws Exception {
        Thread other = Thread.ofPlatform()
                .start(() -> socket().executeBurst(() -> socket().write(
                                List.of(ByteBuffer.wrap("<burst>".getBytes(StandardCharsets.US_ASCII))),
                                flushed::incrementAndGet)));
        other.join();
        work();

        assertThat(readTo("<burst>")).contains("<burst>");
        awaitFlushed(1);
    }

    @Test
    void aPongCallsBackOnce() {
        onIoThread(() -> socket().pong(ByteBuffer.wrap(new byte[] {1, 2}), flushed::incrementAndGet));

        awaitFlushed(1);
    }
}
