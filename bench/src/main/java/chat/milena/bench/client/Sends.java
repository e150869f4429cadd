package chat.milena.bench.client;

import chat.milena.bench.frame.ServerFrame;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The unacked sends of one [Connection], at most [ClientOptions#inFlightMax()]. It writes them in order, and
/// again after a lost socket, after a temporary refusal, and after too long a silence.
///
/// Permits are taken on any thread; all else happens on the event loop of the connection.
// Netty's futures are not awaited here: a task that the loop rejects belongs to a connection that has ended.
@SuppressWarnings("FutureReturnValueIgnored")
final class Sends {
    private static final Backoff RESEND = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

    private final Connection connection;
    private final ConnectionListener listener;
    private final ClientOptions options;
    private final EventLoop loop;
    private final Semaphore permits;
    private final SendWindow window;

    /// Null while writing is not allowed.
    private @Nullable Consumer<SentMessage> socket;

    private int refusalsInARow;
    private boolean paused;
    private boolean retrying = true;
    private boolean closed;

    Sends(Connection connection, ConnectionListener listener, ClientOptions options, EventLoop loop) {
        this.connection = connection;
        this.listener = listener;
        this.options = options;
        this.loop = loop;
        this.permits = new Semaphore(options.inFlightMax());
        this.window = new SendWindow(options.inFlightMax());
    }

    /// Takes a permit for one send; false if none is free.
    boolean take() {
        return permits.tryAcquire();
    }

    /// Takes a permit for one send; false if none becomes free in time.
    boolean take(Duration patience) throws InterruptedException {
        return permits.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    void giveBack() {
        permits.release();
    }

    /// Waits until every send is answered and the listener has been called; false if that takes too long.
    boolean awaitIdle(Duration patience) throws InterruptedException {
        if (!permits.tryAcquire(options.inFlightMax(), patience.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        permits.release(options.inFlightMax());
        // An ack returns its permit just before the listener is called, in the same turn of the loop.
        CountDownLatch heard = new CountDownLatch(1);
        loop.execute(heard::countDown);
        return heard.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Queues a send that has a permit. It always runs as a separate task, also on the loop's own thread, so that
    /// the order of calls from all threads is the order of sending.
    void handOver(SentMessage message) {
        loop.execute(() -> {
            window.add(message);
            if (closed) {
                window.remove(message.ordinal());
                refuse(message, refusal("CLOSED", "the connection has ended"));
            } else {
                writeWhatMay();
            }
        });
    }

    /// Writes to this socket from now on.
    void socketUp(Consumer<SentMessage> up) {
        socket = up;
        paused = false;
        writeWhatMay();
    }

    /// The socket is gone: its unacked sends are written to the next one.
    void socketLost() {
        socket = null;
        window.socketLost();
    }

    /// Stops writing, and refuses new sends.
    void close() {
        socket = null;
        closed = true;
    }

    /// Refuses all unacked sends.
    void end(CloseReason reason) {
        close();
        window.drain().forEach(unacked -> refuse(unacked, refusal("CLOSED", reason.toString())));
    }

    /// Stops the retries of refused sends. Sends that wait for a retry, and sends that were never written, are
    /// refused. The others have an unanswered frame on the wire.
    void stopRetrying() {
        retrying = false;
        window.takeIdle().forEach(idle -> refuse(idle, refusal("NOT_RETRIED", "no further try")));
    }

    void resendUnanswered() {
        if (window.putBackUnanswered(
                System.nanoTime() - options.recovery().resendAfter().toNanos())) {
            writeWhatMay();
        }
    }

    void acked(ServerFrame.MessageAck ack) {
        SentMessage sent = window.acked(ordinalOf(ack.id()));
        if (sent != null) {
            refusalsInARow = 0;
            permits.release();
        }
        listener.onAck(connection, ack, sent);
        writeWhatMay();
    }

    /// Handles a refusal.
    ///
    /// @return false if it answers no send
    boolean refused(ServerFrame.Refusal refusal) {
        SentMessage sent = window.find(ordinalOf(refusal.id()));
        if (sent == null) {
            return false;
        }
        long triedNanos = System.nanoTime() - sent.firstWrittenNanos();
        if (!retrying
                || !refusal.worthRetrying()
                || triedNanos >= options.recovery().retryRefusedFor().toNanos()) {
            window.remove(sent.ordinal());
            refuse(sent, refusal);
            writeWhatMay();
        } else {
            window.putBack(sent, refusal.code().equals("RATE_LIMITED"));
            pause(refusal.retryAfter());
        }
        return true;
    }

    private void pause(@Nullable Duration asked) {
        if (paused) {
            return;
        }
        paused = true;
        Duration jittered = RESEND.beforeAttempt(refusalsInARow++, ThreadLocalRandom.current());
        long millis = jittered.toMillis() + (asked == null ? 0 : asked.toMillis());
        loop.schedule(this::resume, millis, TimeUnit.MILLISECONDS);
    }

    private void resume() {
        paused = false;
        writeWhatMay();
    }

    private void refuse(SentMessage sent, ServerFrame.Refusal refusal) {
        // The listener is called first, so that a caller that waits for idle has received the refusal.
        listener.onRefused(connection, sent, refusal);
        permits.release();
    }

    private void writeWhatMay() {
        SentMessage next;
        while (socket != null && !paused && (next = window.next()) != null) {
            next.written(System.nanoTime());
            socket.accept(next);
        }
    }

    private static ServerFrame.Refusal refusal(String code, String message) {
        return new ServerFrame.Refusal(null, code, message, null);
    }

    private static long ordinalOf(@Nullable String id) {
        if (id == null) {
            return -1;
        }
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
