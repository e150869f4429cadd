package chat.milena.bench.reads;

import chat.milena.bench.client.CloseReason;
import chat.milena.bench.client.Connection;
import chat.milena.bench.client.ConnectionListener;
import chat.milena.bench.client.MessageIds;
import chat.milena.bench.client.SentMessage;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.frame.ServerFrame;
import chat.milena.bench.report.Notices;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Sends while another user is away, and records the acked message of each number. Sends from one thread.
final class Speaker implements ConnectionListener {
    private final String conversationId;
    private final String text;
    private final Duration patience;
    private final Notices notices;
    private final MessageIds ids = new MessageIds(UUID.randomUUID());
    private final Map<Long, String> acked = new ConcurrentHashMap<>();
    private long next;

    Speaker(String conversationId, int payloadBytes, Duration patience, Notices notices) {
        this.conversationId = conversationId;
        this.text = "m".repeat(payloadBytes);
        this.patience = patience;
        this.notices = notices;
    }

    /// Sends this number of messages and waits for their acks; returns their ids by number.
    Map<Long, String> say(Connection connection, int count) throws InterruptedException {
        acked.clear();
        for (int i = 0; i < count; i++) {
            if (!connection.send(conversationId, ids.of(next), text, next++, patience)) {
                throw new UsageFailure("no send was answered for " + patience.toSeconds() + " s");
            }
        }
        if (!connection.awaitIdle(patience) || acked.size() != count) {
            throw new UsageFailure(acked.size() + " of " + count + " messages were acknowledged: " + notices.counts());
        }
        return Map.copyOf(acked);
    }

    @Override
    public void onAck(Connection connection, ServerFrame.MessageAck ack, @Nullable SentMessage sent) {
        acked.put(ack.sequenceNumber(), ack.messageId());
    }

    @Override
    public void onRefused(Connection connection, SentMessage sent, ServerFrame.Refusal refusal) {
        notices.add("refused: " + refusal.code());
    }

    @Override
    public void onDown(Connection connection, CloseReason reason, boolean reconnecting) {
        if (reconnecting) {
            notices.add("not connected: " + reason);
        }
    }
}
