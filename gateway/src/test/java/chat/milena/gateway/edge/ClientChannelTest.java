package chat.milena.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.undertow.Undertow;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSockets;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xnio.Options;

/// Writes from several threads to one real socket, whose client's system takes less than they write.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClientChannelTest {
    private static final int BURSTS = 300;
    private static final int PONGS_MAX = 64;
    private static final int TEXT_BYTES_MAX = 70_000;
    private static final int SEND_BYTES = 4_096;
    private static final int CLOSE_CODE = 4999;

    private final WireFrames wireFrames = new WireFrames();
    private final CompletableFuture<ClientChannel> connected = new CompletableFuture<>();
    private final Undertow server = server();

    private Undertow server() {
        WebSocketConnectionCallback callback = (exchange, channel) -> {
            channel.resumeReceives();
            connected.complete((ClientChannel) channel);
        };
        Undertow undertow = Undertow.builder()
                .setIoThreads(1)
                // The system's own grows until it takes whatever is written at once.
                .setSocketOption(Options.SEND_BUFFER, SEND_BYTES)
                .addHttpListener(
                        0,
                        "127.0.0.1",
                        new WebSocketProtocolHandshakeHandler(
                                List.of(new ClientChannel.Handshake(Set.of("milena.v1"))), callback))
                .build();
        undertow.start();
        return undertow;
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private RawClient client() throws Exception {
        InetSocketAddress address =
                (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
        return new RawClient(address.getPort(), "none");
    }

    private static ByteBuffer text(int number, int bytes) {
        return ByteBuffer.wrap((number + " " + "x".repeat(bytes)).getBytes(StandardCharsets.US_ASCII));
    }

    /// What was written is the writer's again, whether the socket has taken all of it or not.
    private static void use(ByteBuffer written) {
        written.position(0);
        while (written.hasRemaining()) {
            written.put((byte) 0);
        }
    }

    @RepeatedTest(3)
    void framesOfSeveralThreadsComeWholeAndInOrder(RepetitionInfo repetition) throws Exception {
        Random random = new Random(repetition.getCurrentRepetition());
        Semaphore flushed = new Semaphore(1);
        Semaphore unwritten = new Semaphore(PONGS_MAX);
        AtomicInteger ponged = new AtomicInteger();
        try (RawClient client = client()) {
            ClientChannel channel = connected.get(10, TimeUnit.SECONDS);
            Thread writer = Thread.ofPlatform().daemon().start(() -> {
                for (int burst = 0; burst < BURSTS; burst++) {
                    flushed.acquireUninterruptibly();
                    int bytes = burst % 2 == 0 ? random.nextInt(TEXT_BYTES_MAX) : random.nextInt(300);
                    ByteBuffer frames = wireFrames.texts(List.of(text(2 * burst, bytes), text(2 * burst + 1, 10)));
                    channel.write(frames, flushed::release);
                    use(frames);
                }
                // Undertow's own frame, behind whatever is left.
                WebSockets.sendClose(new CloseMessage(CLOSE_CODE, "done"), channel, null);
            });
            Thread ponger = Thread.ofPlatform().daemon().start(() -> {
                // For as long as the writer is at it: many of them find a rest that the socket has not taken.
                while (!channel.isCloseFrameSent()) {
                    unwritten.acquireUninterruptibly();
                    ByteBuffer pong = wireFrames.pong(ByteBuffer.wrap(new byte[] {1, 2}));
                    channel.write(pong, () -> {
                        ponged.incrementAndGet();
                        unwritten.release();
                    });
                    use(pong);
                    LockSupport.parkNanos(100_000);
                }
            });

            List<Integer> numbers = new ArrayList<>();
            int pongs = 0;
            RawClient.Frame frame = client.read();
            while (frame.opcode() != RawClient.CLOSE) {
                if (frame.opcode() == RawClient.PONG) {
                    assertThat(frame.text()).hasSize(2);
                    pongs++;
                } else {
                    assertThat(frame.opcode()).isEqualTo(RawClient.TEXT);
                    numbers.add(Integer.parseInt(frame.text().split(" ", -1)[0]));
                }
                frame = client.read();
            }
            writer.join();
            ponger.join();

            assertThat(frame.closeCode()).isEqualTo(CLOSE_CODE);
            assertThat(numbers).hasSize(2 * BURSTS);
            for (int i = 0; i < numbers.size(); i++) {
                assertThat(numbers.get(i)).isEqualTo(i);
            }
            assertThat(pongs).isPositive().isLessThanOrEqualTo(ponged.get());
        }
    }

    @Test
    void whoeverAwaitsABrokenSocketIsTold() throws Exception {
        AtomicInteger told = new AtomicInteger();
        ClientChannel channel;
        try (RawClient client = client()) {
            channel = connected.get(10, TimeUnit.SECONDS);
            // More than all buffers on the way hold, and nobody reads it.
            channel.write(wireFrames.texts(List.of(text(0, 16 << 20))), told::incrementAndGet);
            channel.write(wireFrames.pong(ByteBuffer.allocate(0)), told::incrementAndGet);
            assertThat(told).hasValue(0);
            client.reset();
        }

        await().untilAsserted(() -> assertThat(told).hasValue(2));
        channel.write(wireFrames.pong(ByteBuffer.allocate(0)), told::incrementAndGet);
        assertThat(told).hasValue(3);
    }
}
