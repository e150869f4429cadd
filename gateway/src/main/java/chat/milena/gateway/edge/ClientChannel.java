package chat.milena.gateway.edge;

import io.undertow.connector.ByteBufferPool;
import io.undertow.server.protocol.framed.FrameHeaderData;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.core.protocol.version13.Hybi13Handshake;
import io.undertow.websockets.core.protocol.version13.WebSocket13Channel;
import io.undertow.websockets.extensions.NoopExtensionFunction;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;

/// A WebSocket that can do two things more than Undertow's.
///
/// **Parts.** It tells of the parts of a message behind its first: Undertow itself tells of a message's beginning and
/// end, however many parts come between them. On its I/O thread.
///
/// **Writes from any thread.** Undertow's own frames are written by the I/O thread alone. What large groups are sent
/// would keep that thread, and the wake-up alone costs as much as the write; so texts and pongs are written by whoever
/// brings them, and only what the socket does not take at once is left to the I/O thread. Undertow still writes the
/// close, which nothing follows: its turn comes when the rest is written. The monitor is the one under which Undertow
/// writes, too, so no frame can begin within another. Whoever is told may take an outbox's lock under it; nobody may
/// write under an outbox's.
///
/// **Bound.** What a socket has not taken is kept here; how much that may be is for who writes to know, which is told
/// when all of it is taken.
final class ClientChannel extends WebSocket13Channel {
    private static final Logger LOG = LoggerFactory.getLogger(ClientChannel.class);
    private static final int OPCODE = 0xF;
    private static final int CONTINUATION = 0;

    private Runnable onPart = () -> {};
    private boolean amidHead;
    private boolean part;

    // Under the monitor: what the socket has not taken yet, and who is to be told when it has.
    private @Nullable ByteBuffer rest;
    private List<Runnable> awaiting = new ArrayList<>();
    private boolean broken;

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
        addCloseTask(closed -> abandon().forEach(Runnable::run));
    }

    /// Writes whole frames behind what was written before, without ever blocking. Safe for all threads.
    ///
    /// @param frames are the caller's again when this returns, and when it calls back
    /// @param written called once, on any thread, possibly before this returns: the socket has taken them, or never
    ///     will
    void write(ByteBuffer frames, Runnable written) {
        List<Runnable> told;
        synchronized (this) {
            if (broken || isCloseFrameSent() || isCloseFrameReceived() || !isOpen()) {
                told = List.of(written);
            } else {
                awaiting.add(written);
                told = isDone(frames) ? abandon() : List.of();
            }
        }
        told.forEach(Runnable::run);
    }

    /// On the I/O thread, whenever Undertow would write or the socket takes more.
    // Undertow's is synchronized as a whole; whoever is told here need not be told under the monitor.
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    @Override
    protected void flushSenders() {
        List<Runnable> told;
        synchronized (this) {
            told = writeRest();
            if (rest == null && !broken) {
                super.flushSenders();
            } else if (rest != null) {
                getUnderlyingConnection().getSinkChannel().resumeWrites();
            }
        }
        told.forEach(Runnable::run);
    }

    /// Under the monitor.
    ///
    /// @return whether nothing of these frames is left to be written: the socket has taken them, or never will
    private boolean isDone(ByteBuffer frames) {
        try {
            boolean first = rest == null;
            if (first && isTaken(frames)) {
                return true;
            }
            // Behind a rest there is nothing to try: the socket tells when it takes more.
            rest = rest == null ? copied(frames) : joined(rest, frames);
            if (first) {
                onIoThread(this::flushSenders);
            }
            return false;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            breakOff(e);
            return true;
        }
    }

    /// Under the monitor.
    ///
    /// @return who is to be told, after it
    private List<Runnable> writeRest() {
        try {
            if (rest == null || !isTaken(rest)) {
                return List.of();
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            breakOff(e);
        }
        return abandon();
    }

    private boolean isTaken(ByteBuffer frames) throws IOException {
        while (frames.hasRemaining()) {
            if (getUnderlyingConnection().getSinkChannel().write(frames) == 0) {
                return false;
            }
        }
        return true;
    }

    /// Perhaps amid a frame: nothing may follow. There may be no memory for the system's call alone.
    private void breakOff(Throwable why) {
        LOG.debug("Not written: {}", why.toString());
        broken = true;
        onIoThread(() -> IoUtils.safeClose(this));
    }

    private synchronized List<Runnable> abandon() {
        rest = null;
        List<Runnable> told = awaiting;
        awaiting = new ArrayList<>();
        return told;
    }

    /// Runs a task there, soon; from any thread. Does nothing once that thread is gone.
    void onIoThread(Runnable task) {
        try {
            getIoThread().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("The listener has stopped, and this socket with it");
        }
    }

    private static ByteBuffer copied(ByteBuffer frames) {
        return ByteBuffer.allocate(frames.remaining()).put(frames).flip();
    }

    private static ByteBuffer joined(ByteBuffer first, ByteBuffer second) {
        return ByteBuffer.allocate(first.remaining() + second.remaining())
                .put(first)
                .put(second)
                .flip();
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
        FrameHeaderData head = parsed(data);
        if (head != null) {
            amidHead = false;
            if (part) {
                onPart.run();
            }
        }
        return head;
    }

    /// Closes with 1002 where a length is below 0 (RFC 6455, section 5.2: its highest bit must be 0). Undertow would
    /// take it, fail on it with an unchecked exception, and read the socket no longer.
    private @Nullable FrameHeaderData parsed(ByteBuffer data) throws IOException {
        FrameHeaderData head = super.parseFrame(data);
        if (head != null && head.getFrameLength() < 0) {
            WebSockets.sendClose(new CloseMessage(CloseMessage.PROTOCOL_ERROR, ""), this, null);
            throw new IOException("A frame has a length below 0");
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
