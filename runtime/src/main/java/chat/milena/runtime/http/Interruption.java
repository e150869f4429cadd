package chat.milena.runtime.http;

import io.undertow.server.HttpServerExchange;
import org.jspecify.annotations.Nullable;

/// Interrupts the thread that works for an exchange if the exchange ends before the work: the client has gone,
/// and nobody would read the answer. Active until closed.
public final class Interruption implements AutoCloseable {
    private @Nullable Thread worker = Thread.currentThread();

    private Interruption() {}

    /// Interrupts this thread, which is about to do the work.
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
