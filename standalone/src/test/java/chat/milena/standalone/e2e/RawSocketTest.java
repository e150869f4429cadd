package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawSocketTest {
    private static final byte[] FRAME = {(byte) 0x81, 126, 0, 2, '{', '}'};

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4, 5})
    void endIsTheSameWhereverItComes(int bytes) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Thread serving = Thread.ofVirtual().start(() -> serve(server, bytes));
            try (RawSocket socket = RawSocket.withoutToken(server.getLocalPort())) {
                assertThat(socket.next()).isEqualTo(new RawSocket.Received.Closed(1006));
            }
            serving.join();
        }
    }

    /// Upgrades, and ends within a frame.
    private static void serve(ServerSocket server, int bytes) {
        try (Socket socket = server.accept()) {
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            OutputStream out = socket.getOutputStream();
            out.write("HTTP/1.1 101 Switching Protocols\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            out.write(FRAME, 0, bytes);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
