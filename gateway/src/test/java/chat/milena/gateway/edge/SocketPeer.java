package chat.milena.gateway.edge;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/// A client that takes what comes byte by byte, when it is asked to. For one thread.
final class SocketPeer implements AutoCloseable {
    private static final int RECEIVE_BYTES = 8 * 1024;
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final byte[] buffer = new byte[64 * 1024];

    /// @param request all of it, with the empty line at its end
    SocketPeer(InetSocketAddress server, String request) throws IOException {
        socket.setReceiveBufferSize(RECEIVE_BYTES);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        in = socket.getInputStream();
    }

    /// Everything up to this text, with what came with it.
    String readTo(String text) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(text, Math.max(0, read.length() - buffer.length - text.length())) < 0) {
            int count = in.read(buffer);
            if (count < 0) {
                throw new AssertionError("the end came before " + text);
            }
            read.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
        }
        return read.toString();
    }

    /// Everything up to the end of the connection.
    String readToEnd() throws IOException {
        StringBuilder read = new StringBuilder();
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                read.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
            }
        } catch (SocketException e) {
            // The server dropped what was left.
        }
        return read.toString();
    }

    /// Ends the connection without a farewell.
    void vanish() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
