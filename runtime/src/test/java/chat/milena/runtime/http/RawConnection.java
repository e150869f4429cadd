package chat.milena.runtime.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A client that speaks HTTP byte by byte, so that it can do what a good one never would: send half, or not read.
final class RawConnection implements AutoCloseable {
    private static final int RECEIVE_BYTES = 4 * 1024;
    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket = new Socket();

    RawConnection(int port) throws IOException {
        socket.setReceiveBufferSize(RECEIVE_BYTES);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /// What comes up to and with this text.
    String readUntil(String end) throws IOException {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("ended after: " + text);
            }
            text.append((char) next);
        }
        return text.toString();
    }

    /// Whether nothing comes for this long, not even the end.
    boolean isOpenAfter(Duration silence) throws IOException {
        socket.setSoTimeout(Math.toIntExact(silence.toMillis()));
        try {
            int next = socket.getInputStream().read();
            if (next >= 0) {
                throw new IOException("something came: " + next);
            }
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }

    /// How many bytes come before the server closes.
    long readToEnd() throws IOException {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        InputStream in = socket.getInputStream();
        byte[] some = new byte[64 * 1024];
        long all = 0;
        try {
            for (int count = in.read(some); count >= 0; count = in.read(some)) {
                all += count;
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // Reset is an end too.
            return all;
        }
        return all;
    }

    /// Whether the server has closed; asks by sending, and so without reading.
    boolean isCut() {
        try {
            send("x");
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /// Sends no more, and goes on reading.
    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /// Goes without a last word of its system.
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
