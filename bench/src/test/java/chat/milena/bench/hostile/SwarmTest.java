package chat.milena.bench.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.client.SourceAddresses;
import chat.milena.bench.hostile.Script.Ending;
import chat.milena.bench.hostile.Script.Pace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SwarmTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int WANTED = 5;
    private static final byte[] REQUEST = Requests.bytes("GET / HTTP/1.1\r\n\r\n");

    private final CountDownLatch taken = new CountDownLatch(4 * WANTED);
    private final CountDownLatch takenOnce = new CountDownLatch(WANTED);
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final ServerSocket server = listening();
    private volatile boolean answers = true;

    @BeforeEach
    void serveAll() {
        Thread.ofVirtual().start(this::serve);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void connectionThatLeavesIsReplacedAndNeverMoreAreOpenThanAskedFor() throws InterruptedException {
        HostileResult.Attack attack = attack(Script.opening(REQUEST).leaving(Ending.LEAVES_ANSWERED), WANTED, taken);

        assertThat(attack.opened()).isGreaterThanOrEqualTo(4 * WANTED - WANTED);
        assertThat(attack.openMost()).isLessThanOrEqualTo(WANTED);
        assertThat(attack.met()).containsKey("HTTP 429");
        assertThat(attack.bytesRead()).isPositive();
    }

    @Test
    void connectionThatDoesNotReadStaysAndItsAnswersAreCountedInTheEnd() throws InterruptedException {
        HostileResult.Attack attack = attack(Script.opening(REQUEST).unread(), WANTED, takenOnce);

        assertThat(attack.opened()).isEqualTo(WANTED);
        assertThat(attack.held()).isEqualTo(WANTED);
        assertThat(attack.met()).containsEntry("HTTP 429", (long) WANTED);
    }

    @Test
    void silentServerIsWrittenToByPace() throws InterruptedException {
        answers = false;

        HostileResult.Attack attack = attack(
                Script.opening(REQUEST).then(new byte[] {1}, new Pace.Every(Duration.ofMillis(1))), WANTED, takenOnce);

        assertThat(attack.met()).isEmpty();
        assertThat(attack.bytesWritten()).isGreaterThanOrEqualTo((long) WANTED * REQUEST.length);
    }

    @Test
    void boundOfAllConnectionsHoldsWhateverTheFloodAsksFor() throws InterruptedException {
        HostileResult.Attack attack = attack(Script.opening(REQUEST), 100 * WANTED, takenOnce);

        assertThat(attack.openMost()).isEqualTo(WANTED);
    }

    private HostileResult.Attack attack(Script script, int wanted, CountDownLatch enough) throws InterruptedException {
        URI url = URI.create("http://127.0.0.1:" + server.getLocalPort());
        Swarm swarm = new Swarm(
                url, List.of(new Wave("test", script, wanted)), new SourceAddresses(url.getHost(), 2), WANTED, 1000);
        swarm.start();
        boolean came = enough.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        HostileResult.Attack attack = swarm.stop(PATIENCE).getFirst();
        assertThat(came).isTrue();
        return attack;
    }

    private static ServerSocket listening() {
        try {
            return new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> answer(socket));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void answer(Socket socket) {
        try {
            int read = socket.getInputStream().readNBytes(REQUEST.length).length;
            if (read == REQUEST.length && answers) {
                socket.getOutputStream().write(Requests.bytes("HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\n\r\n"));
            }
        } catch (IOException e) {
            // It has left.
        }
        taken.countDown();
        takenOnce.countDown();
    }
}
