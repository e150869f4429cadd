package chat.milena.bench.client;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One device of one user, over as many sockets as its life takes.
///
/// Sends come from any thread; everything else happens on the connection's event loop, where the listener is called.
/// Unacked sends are bounded by [ClientOptions#inFlightMax()]: past it [#trySend] answers false and [#send] waits.
/// After a lost socket the same messages are written again with the same ids, in order; so is a message whose answer
/// does not come for [ClientOptions#resendAfter()], though its socket lives. It ends for good when it is
/// closed, when its token is refused, or when it was down for longer than [ClientOptions#giveUpAfter()].
// Netty's futures are not awaited here: a failed write or close ends the socket, and that is told to socketEnded.
@SuppressWarnings("FutureReturnValueIgnored")
public final class Connection {
    private static final Backoff RECONNECT = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(3));
    private static final Backoff RESEND = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    private enum State {
        DOWN,
        OPENING,
        UP,
        CLOSED
    }

    private final ChatClient client;
    private final ClientOptions options;
    private final EventLoop loop;
    private final String userId;
    private final String deviceId;
    private final ConnectionListener listener;
    private final Semaphore permits;
    private final SendWindow window;
    private final CompletableFuture<Connection> firstUp = new CompletableFuture<>();
    private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();

    private State state = State.DOWN;
    private @Nullable Channel channel;
    private @Nullable ScheduledFuture<?> heartbeats;
    private @Nullable ScheduledFuture<?> resends;
    private @Nullable Duration drainDelay;
    private @Nullable String resumeToken;
    private long downSinceNanos = System.nanoTime();
    private long lastReadNanos;
    private int attempts;
    private int refusalsInARow;
    private boolean flushScheduled;
    private boolean paused;
    private boolean retrying = true;
    private boolean atOnce;
    private boolean ended;

    Connection(ChatClient client, EventLoop loop, String userId, String deviceId, ConnectionListener listener) {
        this.client = client;
        this.options = client.options();
        this.loop = loop;
        this.userId = userId;
        this.deviceId = deviceId;
        this.listener = listener;
        this.permits = new Semaphore(options.inFlightMax());
        this.window = new SendWindow(options.inFlightMax());
    }

    public String userId() {
        return userId;
    }

    public String deviceId() {
        return deviceId;
    }

    /// Completes when the connection has ended for good.
    public CompletableFuture<CloseReason> closed() {
        return closed;
    }

    /// Hands a message over without waiting; false, and nothing done, when the in-flight bound is reached or it is
    /// closed.
    public boolean trySend(String conversationId, String messageId, String text, long tag) {
        if (closed.isDone() || !permits.tryAcquire()) {
            return false;
        }
        handOver(new SentMessage(conversationId, messageId, text, tag));
        return true;
    }

    /// As [#trySend], but waits for room; false when there was none in time. Never call it on the event loop.
    public boolean send(String conversationId, String messageId, String text, long tag, Duration patience)
            throws InterruptedException {
        if (!permits.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        if (closed.isDone()) {
            permits.release();
            return false;
        }
        handOver(new SentMessage(conversationId, messageId, text, tag));
        return true;
    }

    /// Waits until nothing is unacked and the listener has heard of it. Never call it on the event loop.
    public boolean awaitIdle(Duration patience) throws InterruptedException {
        if (!permits.tryAcquire(options.inFlightMax(), patience.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        permits.release(options.inFlightMax());
        // An ack gives its permit back just before it is told, in the same turn of the loop.
        CountDownLatch told = new CountDownLatch(1);
        loop.execute(told::countDown);
        return told.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Tries no refused send again, from now on: those that wait for that are refused to the listener, and so is what
    /// was never written. What stays unacked has a frame on its way that nothing has answered yet.
    public void stopRetrying() {
        execute(() -> {
            retrying = false;
            for (SentMessage idle : window.takeIdle()) {
                refuse(idle, new ServerFrame.Refusal(null, "NOT_RETRIED", "no further try", null));
            }
        });
    }

    /// Runs on this connection's event loop, at once if the caller is already there.
    public void execute(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /// Says goodbye with 1000 and ends; what is still unacked is refused with `CLOSED`.
    public CompletableFuture<CloseReason> close() {
        execute(() -> {
            Channel open = channel;
            if (state == State.CLOSED || open == null) {
                end(new CloseReason(1000, ""));
                return;
            }
            state = State.CLOSED;
            open.writeAndFlush(new CloseWebSocketFrame(1000, "")).addListener(written -> {});
            loop.schedule(() -> open.close(), CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        });
        return closed;
    }

    /// Cuts the socket without goodbye, as a lost network does.
    public void cut() {
        execute(() -> {
            if (channel != null) {
                channel.close();
            }
        });
    }

    /// Cuts the socket with a reset and comes back at once, without the wait that otherwise follows a loss; later
    /// attempts wait as usual, or as the server says. Nothing while there is no socket.
    public void reset() {
        execute(() -> {
            if (state == State.UP) {
                Channel open = requireChannel();
                open.config().setOption(ChannelOption.SO_LINGER, 0);
                atOnce = true;
                open.close();
            }
        });
    }

    CompletableFuture<Connection> open() {
        execute(() -> openLater(Duration.ZERO));
        return firstUp;
    }

    private void handOver(SentMessage message) {
        // Always queued, on the loop's own thread too: order of hand-over is order of sending, whatever the threads.
        loop.execute(() -> {
            window.add(message);
            if (state == State.CLOSED) {
                window.remove(message.ordinal());
                refuse(message, new ServerFrame.Refusal(null, "CLOSED", "the connection has ended", null));
            } else {
                writeWhatMay();
            }
        });
    }

    private void openLater(Duration wait) {
        if (wait.isPositive()) {
            // Its moment is taken only then: who was told to wait long must not hold up those who come at once.
            loop.schedule(this::openInTurn, wait.toNanos(), TimeUnit.NANOSECONDS);
        } else {
            openInTurn();
        }
    }

    private void openInTurn() {
        loop.schedule(this::openNow, client.pace().takeDelayNanos(System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void openNow() {
        if (state == State.DOWN) {
            state = State.OPENING;
            client.openSocket(this, loop, listener.wantsText(), resumeToken);
        }
    }

    void socketOpen(Channel open) {
        channel = open;
        lastReadNanos = System.nanoTime();
        if (state == State.CLOSED) {
            open.close();
        }
    }

    void received(ServerFrame frame) {
        lastReadNanos = System.nanoTime();
        switch (frame) {
            case ServerFrame.MessageNew message -> listener.onMessageNew(this, message);
            case ServerFrame.MessageAck ack -> acked(ack);
            case ServerFrame.Connected connected -> up(connected);
            case ServerFrame.Refusal refusal -> refused(refusal);
            case ServerFrame.ConversationCreated created -> listener.onConversation(this, created);
            case ServerFrame.TimelineChange change -> listener.onTimelineChange(this, change);
            case ServerFrame.Draining draining -> {
                drainDelay = draining.reconnectAfter();
                listener.onOther(this, draining);
            }
            case ServerFrame.TokenExpiring expiring -> {
                write(new TextWebSocketFrame(FrameWriter.tokenRefresh(
                        requireChannel().alloc(), client.tokens().tokenFor(userId))));
                listener.onOther(this, expiring);
            }
            case ServerFrame.Ok ok -> listener.onOther(this, ok);
            case ServerFrame.Heartbeat heartbeat -> {
                keepPlace(heartbeat.resumeToken());
                listener.onOther(this, heartbeat);
            }
            case ServerFrame.Offline missed -> listener.onOffline(this, missed);
            case ServerFrame.Resync resync -> listener.onOther(this, resync);
            case ServerFrame.Other other -> listener.onOther(this, other);
            case ServerFrame.Malformed malformed -> listener.onOther(this, malformed);
        }
    }

    private void up(ServerFrame.Connected connected) {
        if (state != State.OPENING) {
            return;
        }
        boolean again = firstUp.isDone();
        state = State.UP;
        keepPlace(connected.resumeToken());
        attempts = 0;
        drainDelay = null;
        paused = false;
        long intervalMillis = Math.max(1000, connected.heartbeatInterval().toMillis());
        heartbeats = loop.scheduleAtFixedRate(this::beat, intervalMillis, intervalMillis, TimeUnit.MILLISECONDS);
        long resendNanos = options.resendAfter().toNanos();
        if (resendNanos > 0) {
            long every = Math.max(1, resendNanos / 4);
            resends = loop.scheduleAtFixedRate(this::resendUnanswered, every, every, TimeUnit.NANOSECONDS);
        }
        listener.onConnected(this, connected, again);
        firstUp.complete(this);
        writeWhatMay();
    }

    /// The latest token stands for everything that the listener has been told by now.
    private void keepPlace(@Nullable String token) {
        if (token != null && listener.resumes()) {
            resumeToken = token;
        }
    }

    private void beat() {
        if (System.nanoTime() - lastReadNanos > options.silenceMax().toNanos()) {
            requireChannel().close();
        } else {
            write(new TextWebSocketFrame(FrameWriter.heartbeat(
                    requireChannel().alloc(), client.clock().millis())));
        }
    }

    private void resendUnanswered() {
        if (window.putBackUnanswered(System.nanoTime() - options.resendAfter().toNanos())) {
            writeWhatMay();
        }
    }

    private void acked(ServerFrame.MessageAck ack) {
        long ordinal = ordinalOf(ack.id());
        SentMessage sent = window.acked(ordinal);
        if (sent != null) {
            refusalsInARow = 0;
            permits.release();
        }
        listener.onAck(this, ack, sent);
        writeWhatMay();
    }

    private void refused(ServerFrame.Refusal refusal) {
        SentMessage sent = window.find(ordinalOf(refusal.id()));
        if (sent == null) {
            listener.onOther(this, refusal);
            return;
        }
        long triedNanos = System.nanoTime() - sent.firstWrittenNanos();
        if (!retrying
                || !refusal.worthRetrying()
                || triedNanos >= options.retryRefusedFor().toNanos()) {
            window.remove(sent.ordinal());
            refuse(sent, refusal);
            writeWhatMay();
            return;
        }
        window.putBack(sent, refusal.code().equals("RATE_LIMITED"));
        if (!paused) {
            paused = true;
            Duration jittered = RESEND.beforeAttempt(refusalsInARow++, ThreadLocalRandom.current());
            Duration asked = refusal.retryAfter();
            long millis = jittered.toMillis() + (asked == null ? 0 : asked.toMillis());
            loop.schedule(this::resume, millis, TimeUnit.MILLISECONDS);
        }
    }

    private void resume() {
        paused = false;
        writeWhatMay();
    }

    private void refuse(SentMessage sent, ServerFrame.Refusal refusal) {
        // First the listener, so that who waits for idle has heard of the refusal.
        listener.onRefused(this, sent, refusal);
        permits.release();
    }

    private void writeWhatMay() {
        SentMessage next;
        while (state == State.UP && !paused && (next = window.next()) != null) {
            next.written(System.nanoTime());
            write(new TextWebSocketFrame(
                    FrameWriter.messageSend(requireChannel().alloc(), next)));
        }
    }

    /// Writes now and flushes once per turn of the loop, so that frames sent together share a system call.
    private void write(TextWebSocketFrame frame) {
        Channel open = requireChannel();
        open.write(frame, open.voidPromise());
        if (!flushScheduled) {
            flushScheduled = true;
            loop.execute(() -> {
                flushScheduled = false;
                open.flush();
            });
        }
    }

    /// The attempt or the socket has ended; called once for each.
    void socketEnded(CloseReason reason, @Nullable Duration retryAfter) {
        boolean wasUp = state == State.UP;
        channel = null;
        window.socketLost();
        if (heartbeats != null) {
            heartbeats.cancel(false);
            heartbeats = null;
        }
        if (resends != null) {
            resends.cancel(false);
            resends = null;
        }
        if (state == State.CLOSED) {
            end(reason);
            return;
        }
        state = State.DOWN;
        long now = System.nanoTime();
        if (wasUp) {
            downSinceNanos = now;
        }
        boolean inTime = now - downSinceNanos < options.giveUpAfter().toNanos();
        boolean again = (options.reconnect() || retryAfter != null) && !reason.isFinal() && inTime;
        listener.onDown(this, reason, again);
        if (!again) {
            end(reason);
            return;
        }
        Duration wait = atOnce ? Duration.ZERO : RECONNECT.beforeAttempt(attempts++, ThreadLocalRandom.current());
        atOnce = false;
        if (retryAfter != null) {
            wait = wait.plus(retryAfter);
        } else if (drainDelay != null && wasUp) {
            wait = drainDelay;
        }
        openLater(wait);
    }

    private void end(CloseReason reason) {
        state = State.CLOSED;
        if (ended) {
            return;
        }
        ended = true;
        for (SentMessage unacked : window.drain()) {
            refuse(unacked, new ServerFrame.Refusal(null, "CLOSED", reason.toString(), null));
        }
        listener.onClosed(this, reason);
        firstUp.completeExceptionally(new UsageFailure("cannot connect to " + options.server() + ": " + reason));
        client.forget(this);
        closed.complete(reason);
    }

    private Channel requireChannel() {
        if (channel == null) {
            throw new IllegalStateException("no socket while the connection is up");
        }
        return channel;
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
