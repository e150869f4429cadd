package chat.milena.standalone.e2e;

import chat.milena.bench.client.CloseReason;
import chat.milena.bench.client.Connection;
import chat.milena.bench.client.ConnectionListener;
import chat.milena.bench.client.SentMessage;
import chat.milena.bench.frame.ServerFrame;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One device of one user: says things, and remembers everything that it heard in the order it came. Safe for all
/// threads.
final class Device implements ConnectionListener {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<ServerFrame> heard = new CopyOnWriteArrayList<>();
    private final List<CloseReason> losses = new CopyOnWriteArrayList<>();
    private final Map<Long, CompletableFuture<ServerFrame.MessageAck>> sends = new ConcurrentHashMap<>();
    private final AtomicLong tags = new AtomicLong();
    private @Nullable Connection connection;

    /// Why a message was not taken.
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String code;

        Refused(ServerFrame.Refusal refusal) {
            super(refusal.code() + ": " + refusal.message());
            this.code = refusal.code();
        }

        String code() {
            return code;
        }
    }

    Device over(Connection connected) {
        connection = connected;
        return this;
    }

    /// Sends a text and waits for its ack.
    ServerFrame.MessageAck sends(String conversationId, String text) throws InterruptedException {
        return sends(conversationId, UUID.randomUUID().toString(), text);
    }

    /// Sends a text and waits for its ack.
    ///
    /// @throws Refused if it is not taken
    ServerFrame.MessageAck sends(String conversationId, String messageId, String text) throws InterruptedException {
        return result(beginsToSend(conversationId, messageId, text));
    }

    /// Sends a text, now or when it is connected again; the result fails with [Refused] if it is not taken.
    CompletableFuture<ServerFrame.MessageAck> beginsToSend(String conversationId, String messageId, String text) {
        CompletableFuture<ServerFrame.MessageAck> ack = new CompletableFuture<>();
        long tag = tags.incrementAndGet();
        sends.put(tag, ack);
        if (connection == null || !connection.trySend(conversationId, messageId, text, tag)) {
            throw new IllegalStateException("not connected, or too much in flight");
        }
        return ack;
    }

    static ServerFrame.MessageAck result(CompletableFuture<ServerFrame.MessageAck> ack) throws InterruptedException {
        try {
            return ack.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Refused refused) {
                throw refused;
            }
            throw new AssertionError("no ack", e.getCause());
        }
    }

    /// Everything it heard but heartbeats.
    List<ServerFrame> heard() {
        return List.copyOf(heard);
    }

    /// What it heard of one kind.
    <F extends ServerFrame> List<F> heard(Class<F> kind) {
        return heard.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /// The messages of others, or of other devices, in the order they came.
    List<ServerFrame.MessageNew> received() {
        return heard(ServerFrame.MessageNew.class);
    }

    /// How its sockets ended.
    List<CloseReason> losses() {
        return List.copyOf(losses);
    }

    @Override
    public boolean wantsText() {
        return true;
    }

    @Override
    public void onConnected(Connection source, ServerFrame.Connected frame, boolean again) {
        heard.add(frame);
    }

    @Override
    public void onAck(Connection source, ServerFrame.MessageAck ack, @Nullable SentMessage sent) {
        heard.add(ack);
        if (sent != null) {
            sends.get(sent.tag()).complete(ack);
        }
    }

    @Override
    public void onRefused(Connection source, SentMessage sent, ServerFrame.Refusal refusal) {
        heard.add(refusal);
        sends.get(sent.tag()).completeExceptionally(new Refused(refusal));
    }

    @Override
    public void onMessageNew(Connection source, ServerFrame.MessageNew message) {
        heard.add(message);
    }

    @Override
    public void onConversation(Connection source, ServerFrame.ConversationCreated conversation) {
        heard.add(conversation);
    }

    @Override
    public void onTimelineChange(Connection source, ServerFrame.TimelineChange change) {
        heard.add(change);
    }

    @Override
    public void onOther(Connection source, ServerFrame frame) {
        if (!(frame instanceof ServerFrame.Heartbeat)) {
            heard.add(frame);
        }
    }

    @Override
    public void onDown(Connection source, CloseReason reason, boolean reconnecting) {
        losses.add(reason);
    }
}
