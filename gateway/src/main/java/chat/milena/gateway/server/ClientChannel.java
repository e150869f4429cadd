package chat.milena.gateway.server;

import io.undertow.connector.ByteBufferPool;
import io.undertow.server.protocol.framed.FrameHeaderData;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.protocol.version13.Hybi13Handshake;
import io.undertow.websockets.core.protocol.version13.WebSocket13Channel;
import io.undertow.websockets.extensions.NoopExtensionFunction;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;

/// A WebSocket that also tells of the parts of a message behind its first: Undertow itself tells of a message's
/// beginning and end, however many parts come between them. For its I/O thread.
final class ClientChannel extends WebSocket13Channel {
    private static final int OPCODE = 0xF;
    private static final int CONTINUATION = 0;

    private Runnable onPart = () -> {};
    private boolean amidHead;
    private boolean part;

    private ClientChannel(
            WebSocketHttpExchange exchange, StreamConnection connection, ByteBufferPool buffers, String url) {
        super(
                connection,
                buffers,
                url,
                exchange.getResponseHeader("Sec-WebSocket-Protocol"),
                false,
                false,
                NoopExtensionFunction.INSTANCE,
                exchange.getPeerConnections(),
                exchange.getOptions());
    }

    /// @param told of each part, before it is read
    void onPart(Runnable told) {
        onPart = told;
    }

    /// What it returns cannot be asked: to look at it moves Undertow's state.
    @Override
    protected @Nullable FrameHeaderData parseFrame(ByteBuffer data) throws IOException {
        if (!amidHead && data.hasRemaining()) {
            part = (data.get(data.position()) & OPCODE) == CONTINUATION;
            amidHead = true;
        }
        FrameHeaderData head = super.parseFrame(data);
        if (head != null) {
            amidHead = false;
            if (part) {
                onPart.run();
            }
        }
        return head;
    }

    /// The upgrade that makes these.
    static final class Handshake extends Hybi13Handshake {
        Handshake(Set<String> subprotocols) {
            super(subprotocols, false);
        }

        @Override
        public WebSocketChannel createChannel(
                WebSocketHttpExchange exchange, StreamConnection connection, ByteBufferPool buffers) {
            return new ClientChannel(exchange, connection, buffers, getWebSocketLocation(exchange));
        }
    }
}
