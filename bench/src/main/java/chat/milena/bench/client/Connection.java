package chat.milena.bench.client;

import chat.milena.bench.client.ConnectionState.Closed;
import chat.milena.bench.client.ConnectionState.Closing;
import chat.milena.bench.client.ConnectionState.Down;
import chat.milena.bench.client.ConnectionState.Opening;
import chat.milena.bench.client.ConnectionState.Up;
import chat.milena.bench.frame.About;
import chat.milena.bench.frame.ServerFrame;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One device of one user, over any number of sockets.
///
/// Sends come from any thread; all else happens on the connection's event loop, where the listener is called.
/// Unacked sends are bounded by [ClientOptions#inFlightMax()]: beyond it [#trySend] returns false and [#send]
/// waits. After a lost socket the same messages are written again with the same ids, in order. A message without
/// an answer for [ClientOptions.Recovery#resendAfter()] is also written again, even if its socket lives. The connection
/// ends for good when it is closed, when its token is refused, or when it was down for longer than
/// [ClientOptions.Recovery#giveUpAfter()].
// Netty's futures are not awaited here: a failed write or close ends the socket, which calls socketEnded.
@SuppressWarnings("FutureReturnValueIgnored")
public final class Connection {
    private static final Backoff RECONNECT = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(3));
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    private final ChatClient client;
    private final ClientOptions options;
    private final EventLoop loop;
    private final String userId;
    private final String deviceId;
    private final ConnectionListener listener;
    private final Sends sends;
    private final CompletableFuture<Connection> firstUp = new CompletableFuture<>();
    private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();

    private ConnectionState state = new Down();
    private @Nullable Duration drainDelay;
    private @Nullable String resumeToken;
    private long downSinceNanos = System.nanoTime();
    private long lastReadNanos;
    private int attempts;
    private boolean flushScheduled;
    private boolean withoutWait;

    Connection(ChatClient client, EventLoop loop, String userId, String deviceId, ConnectionListener listener) {
        this.client = client;
        this.options = client.options();
        this.loop = loop;
        this.userId = userId;
        this.deviceId = deviceId;
        this.listener = listener;
        this.sends = new Sends(this, listener, options, loop);
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

    /// Hands a message over without waiting. Returns false, and does nothing, if the in-flight bound is reached or
    /// the connection is closed.
    public boolean trySend(String conversationId, String messageId, String text, long tag) {
        return trySend(conversationId, messageId, new Outgoing.Message(text, null), tag);
    }

    /// As [#trySend(String, String, String, long)], of a message or a change of one.
    public boolean trySend(String conversationId, String messageId, Outgoing what, long tag) {
        if (closed.isDone() || !sends.take()) {
            return false;
        }
        sends.handOver(new SentMessage(conversationId, messageId, what, tag));
        return true;
    }

    /// Like [#trySend], but waits for room; false if there was none in time. Never call it on the event loop.
    public boolean send(String conversationId, String messageId, String text, long tag, Duration patience)
            throws InterruptedException {
        return send(new SentMessage(conversationId, messageId, new Outgoing.Message(text, null), tag), patience);
    }

    /// The same for a message about an earlier one, if it is about one.
    public boolean send(String conversationId, String messageId, String text, @Nullable About about, Duration patience)
            throws InterruptedException {
        return send(new SentMessage(conversationId, messageId, new Outgoing.Message(text, about), 0), patience);
    }

    private boolean send(SentMessage message, Duration patience) throws InterruptedException {
        if (!sends.take(patience)) {
            return false;
        }
        if (closed.isDone()) {
            sends.giveBack();
            return false;
        }
        sends.handOver(message);
        return true;
    }

    /// Waits until every send is answered and the listener has been called. Never call it on the event loop.
    public boolean awaitIdle(Duration patience) throws InterruptedException {
        return sends.awaitIdle(patience);
    }

    /// Stops the retries of refused sends. Sends that wait for a retry, and sends that were never written, are
    /// reported to the listener as refused. The others have an unanswered frame on the wire.
    public void stopRetrying() {
        execute(sends::stopRetrying);
    }

    /// Runs on this connection's event loop, immediately if the caller is already there.
    public void execute(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /// Sends a close frame with 1000 and ends. Unacked sends are refused with `CLOSED`.
    public CompletableFuture<CloseReason> close() {
        execute(() -> {
            Channel open = state instanceof Closing ? null : state.socket();
            if (open == null) {
                end(new CloseReason(1000, ""));
                return;
            }
            leave(new Closing(open));
            sends.close();
            open.writeAndFlush(new CloseWebSocketFrame(1000, "")).addListener(written -> {});
            loop.schedule(() -> open.close(), CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        });
        return closed;
    }

    /// Cuts the socket without a close frame, like a lost network.
    public void cut() {
        execute(() -> {
            Channel open = state.socket();
            if (open != null) {
                open.close();
            }
        });
    }

    /// Cuts the socket with a reset and reconnects without the usual wait after a loss. Later attempts wait as
    /// usual, or as the server says. Does nothing while the connection is not up.
    public void reset() {
        execute(() -> {
            if (state instanceof Up up) {
                up.socket().config().setOption(ChannelOption.SO_LINGER, 0);
                withoutWait = true;
                up.socket().close();
            }
        });
    }

    CompletableFuture<Connection> open() {
        execute(() -> openLater(Duration.ZERO));
        return firstUp;
    }

    private void openLater(Duration wait) {
        if (wait.isPositive()) {
            // It takes its turn only now, so that a connection with a long wait does not delay the others.
            loop.schedule(this::openInTurn, wait.toNanos(), TimeUnit.NANOSECONDS);
        } else {
            openInTurn();
        }
    }

    private void openInTurn() {
        loop.schedule(this::openNow, client.pace().takeDelayNanos(System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void openNow() {
        if (state instanceof Down down) {
            state = down.toOpening();
            client.openSocket(this, loop, listener.wantsText(), resumeToken);
        }
    }

    void socketOpen(Channel open) {
        lastReadNanos = System.nanoTime();
        if (state instanceof Opening opening) {
            state = opening.toConnected(open);
        } else {
            // It was closed before it had a socket.
            open.close();
        }
    }

    void received(ServerFrame frame) {
        lastReadNanos = System.nanoTime();
        switch (frame) {
            case ServerFrame.MessageNew message -> listener.onMessageNew(this, message);
            case ServerFrame.MessageAck ack -> sends.acked(ack);
            case ServerFrame.Connected connected -> up(connected);
            case ServerFrame.Refusal refusal -> {
                if (!sends.refused(refusal)) {
                    listener.onOther(this, refusal);
                }
            }
            case ServerFrame.ConversationCreated created -> listener.onConversation(this, created);
            case ServerFrame.TimelineChange change -> listener.onTimelineChange(this, change);
            case ServerFrame.Draining draining -> {
                drainDelay = draining.reconnectAfter();
                listener.onOther(this, draining);
            }
            case ServerFrame.TokenExpiring expiring -> {
                write(new TextWebSocketFrame(FrameWriter.tokenRefresh(
                        requireSocket().alloc(), client.tokens().tokenFor(userId))));
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
        if (!(state instanceof Opening opening)) {
            return;
        }
        boolean again = firstUp.isDone();
        state = opening.toUp(requireSocket(), timers(connected.heartbeatInterval()));
        keepPlace(connected.resumeToken());
        attempts = 0;
        drainDelay = null;
        listener.onConnected(this, connected, again);
        firstUp.complete(this);
        if (state instanceof Up) {
            sends.socketUp(message -> write(
                    new TextWebSocketFrame(FrameWriter.send(requireSocket().alloc(), message))));
        }
    }

    private List<ScheduledFuture<?>> timers(Duration heartbeatInterval) {
        long intervalMillis = Math.max(1000, heartbeatInterval.toMillis());
        ScheduledFuture<?> heartbeats =
                loop.scheduleAtFixedRate(this::beat, intervalMillis, intervalMillis, TimeUnit.MILLISECONDS);
        if (options.recovery().resendAfter().isZero()) {
            return List.of(heartbeats);
        }
        long every = Math.max(1, options.recovery().resendAfter().toNanos() / 4);
        return List.of(
                heartbeats, loop.scheduleAtFixedRate(sends::resendUnanswered, every, every, TimeUnit.NANOSECONDS));
    }

    /// The latest token covers all that the listener has received so far.
    private void keepPlace(@Nullable String token) {
        if (token != null && listener.resumes()) {
            resumeToken = token;
        }
    }

    private void beat() {
        if (System.nanoTime() - lastReadNanos > options.recovery().silenceMax().toNanos()) {
            requireSocket().close();
        } else {
            write(new TextWebSocketFrame(FrameWriter.heartbeat(
                    requireSocket().alloc(), client.clock().millis())));
        }
    }

    /// Writes now and flushes once per turn of the loop, so that frames sent together share a system call.
    private void write(TextWebSocketFrame frame) {
        Channel open = requireSocket();
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
        boolean wasUp = state instanceof Up;
        sends.socketLost();
        if (state instanceof Closing || state instanceof Closed) {
            end(reason);
            return;
        }
        leave(new Down());
        long now = System.nanoTime();
        if (wasUp) {
            downSinceNanos = now;
        }
        boolean inTime = now - downSinceNanos < options.recovery().giveUpAfter().toNanos();
        boolean again = (options.recovery().reconnect() || retryAfter != null) && !reason.isFinal() && inTime;
        listener.onDown(this, reason, again);
        if (!again) {
            end(reason);
            return;
        }
        Duration wait = withoutWait ? Duration.ZERO : RECONNECT.beforeAttempt(attempts++, ThreadLocalRandom.current());
        withoutWait = false;
        if (retryAfter != null) {
            wait = wait.plus(retryAfter);
        } else if (drainDelay != null && wasUp) {
            wait = drainDelay;
        }
        openLater(wait);
    }

    private void end(CloseReason reason) {
        if (state instanceof Closed) {
            return;
        }
        leave(new Closed());
        sends.end(reason);
        listener.onClosed(this, reason);
        firstUp.completeExceptionally(new UsageFailure("cannot connect to " + options.server() + ": " + reason));
        client.forget(this);
        closed.complete(reason);
    }

    /// Leaves the current state, and with it the timers of its socket.
    private void leave(ConnectionState next) {
        if (state instanceof Up up) {
            up.stopTimers();
        }
        state = next;
    }

    private Channel requireSocket() {
        Channel open = state.socket();
        if (open == null) {
            throw new IllegalStateException("no socket while the connection is up");
        }
        return open;
    }
}
