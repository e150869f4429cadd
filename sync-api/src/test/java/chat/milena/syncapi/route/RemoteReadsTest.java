package chat.milena.syncapi.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.runtime.config.Secret;
import chat.milena.syncapi.barrier.Deadline;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RemoteReadsTest {
    @Test
    @Timeout(20)
    void peerWhoseBodyStallsIsLeftInTime() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(new byte[50]);
            exchange.getResponseBody().flush();
            try {
                assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        server.start();
        URI peer = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        try (RemoteReads remote = new RemoteReads(new Secret("a secret of the installation, long enough"))) {
            assertThatThrownBy(() -> remote.ofPeer(peer, List.of(), Deadline.in(Duration.ofSeconds(1))))
                    .isInstanceOf(UnansweredException.class)
                    .hasMessageContaining("HttpTimeoutException");
        } finally {
            over.countDown();
            server.stop(0);
        }
    }
}
