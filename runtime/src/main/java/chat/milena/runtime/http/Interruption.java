package chat.milena.runtime.http;

import io.undertow.server.HttpServerExchange;
import org.jspecify.annotations.Nullable;

/// Interrupts the thread that works for an exchange when the exchange ends before the work: the client has gone, and
/// nobody would read the answer. Until it is closed.
public final class Interruption implements AutoCloseable {
    private @Nullable Thread worker = Thread.currentThread();

    private Interruption() {}

    /// For the work that this thread is about to do.
    public static Interruption atEnd(HttpServerExchange exchange) {
        Interruption interruption = new Interruption();
        Peer.atEnd(exchange, interruption::interrupt);
        return interruption;
    }

    private synchronized void interrupt() {
        if (worker != null) {
            worker.interrupt();
        }
    }

    @Override
    public synchronized void close() {
        worker = null;
    }
}
