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

/// A WebSocket with two additions to Undertow's.
///
/// **Parts.** It reports the further parts of a message: Undertow itself reports only the start and the end of a
/// message, whatever comes in between. On its I/O thread.
///
/// **Writes from any thread.** Only the I/O thread writes Undertow's own frames. Frames for large groups would
/// occupy that thread, and the wake-up alone costs as much as the write. So the calling thread writes texts and
/// pongs, and only the rest that the socket does not take is left to the I/O thread. Undertow still writes the
/// close, the last frame, once the rest is written. The monitor is the one under which Undertow writes, so no
/// frame can start within another. A callback may take the lock of an outbox under it; nobody may write under the
/// lock of an outbox.
///
/// **Bound.** Bytes that a socket has not taken are kept here. The caller bounds them, and is notified when all of
/// them are taken.
final class ClientChannel extends WebSocket13Channel {
    private static final Logger LOG = LoggerFactory.getLogger(ClientChannel.class);
    private static final int OPCODE = 0xF;
    private static final int CONTINUATION = 0;

    private Runnable onPart = () -> {};
    private boolean amidHead;
    private boolean part;

    // Under the monitor: the bytes that the socket has not taken yet, and the callbacks to run when it has.
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

    /// Writes whole frames after earlier ones, without ever blocking. Safe for all threads.
    ///
    /// @param frames belong to the caller again when this returns, and when it calls back
    /// @param written called once, on any thread, possibly before this returns: the socket has taken the frames,
    /// or never will
    void write(ByteBuffer frames, Runnable written) {
        List<Runnable> callbacks;
        synchronized (this) {
            if (broken || isCloseFrameSent() || isCloseFrameReceived() || !isOpen()) {
                callbacks = List.of(written);
            } else {
                awaiting.add(written);
                callbacks = isDone(frames) ? abandon() : List.of();
            }
        }
        callbacks.forEach(Runnable::run);
    }

    /// On the I/O thread, whenever Undertow would write or the socket takes more.
    // Undertow's method is synchronized as a whole; the callbacks need not run under the monitor.
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    @Override
    protected void flushSenders() {
        List<Runnable> callbacks;
        synchronized (this) {
            callbacks = writeRest();
            if (rest == null && !broken) {
                super.flushSenders();
            } else if (rest != null) {
                getUnderlyingConnection().getSinkChannel().resumeWrites();
            }
        }
        callbacks.forEach(Runnable::run);
    }

    /// Under the monitor.
    ///
    /// @return whether nothing of these frames is left to write: the socket has taken them, or never will
    private boolean isDone(ByteBuffer frames) {
        try {
            boolean first = rest == null;
            if (first && isTaken(frames)) {
                return true;
            }
            // With an older rest, do not try: the socket reports when it takes more.
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
    /// @return the callbacks to run after it
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

    /// Possibly within a frame: nothing may follow. Even the system call may lack memory.
    private void breakOff(Throwable why) {
        LOG.debug("Not written: {}", why.toString());
        broken = true;
        onIoThread(() -> IoUtils.safeClose(this));
    }

    private synchronized List<Runnable> abandon() {
        rest = null;
        List<Runnable> callbacks = awaiting;
        awaiting = new ArrayList<>();
        return callbacks;
    }

    /// Runs a task on that thread, soon; from any thread. Does nothing once the thread is gone.
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

    /// @param callback called for each part, before it is read
    void onPart(Runnable callback) {
        onPart = callback;
    }

    /// The result cannot be inspected: reading it moves Undertow's state.
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

    /// Closes with 1002 if a length is below 0 (RFC 6455, section 5.2: its highest bit must be 0). Undertow would
    /// accept it, fail with an unchecked exception, and stop reading the socket.
    private @Nullable FrameHeaderData parsed(ByteBuffer data) throws IOException {
        FrameHeaderData head = super.parseFrame(data);
        if (head != null && head.getFrameLength() < 0) {
            WebSockets.sendClose(new CloseMessage(CloseMessage.PROTOCOL_ERROR, ""), this, null);
            throw new IOException("A frame has a length below 0");
        }
        return head;
    }

    /// The upgrade that makes these channels.
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
