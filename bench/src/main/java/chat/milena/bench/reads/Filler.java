package chat.milena.bench.reads;

import chat.milena.bench.client.CloseReason;
import chat.milena.bench.client.Connection;
import chat.milena.bench.client.ConnectionListener;
import chat.milena.bench.client.MessageIds;
import chat.milena.bench.client.SentMessage;
import chat.milena.bench.frame.ServerFrame;
import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.Notices;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Sends a number of messages into one conversation, as fast as acks allow, over as many connections as threads
/// run [#send]. Thread-safe.
///
/// Texts are random, since a store would compress equal ones to nothing.
final class Filler implements ConnectionListener {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz      ";

    private final long wanted;
    private final int payloadBytes;
    private final Duration patience;
    private final MessageIds ids = new MessageIds(UUID.randomUUID());
    private final AtomicLong next = new AtomicLong();
    private final LongAdder acked = new LongAdder();
    private final AtomicLong lowest = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong highest = new AtomicLong();
    private final Latencies ack = new Latencies();
    private final Notices notices = new Notices();
    private volatile @Nullable String stopped;
    private volatile boolean over;

    Filler(long wanted, int payloadBytes, Duration patience) {
        this.wanted = wanted;
        this.payloadBytes = payloadBytes;
        this.patience = patience;
    }

    /// Sends until nothing is left, and waits for the acks. Blocks while the window of the connection is full.
    void send(Connection connection, String conversationId) throws InterruptedException {
        for (long index = next.getAndIncrement(); index < wanted && stopped == null; index = next.getAndIncrement()) {
            if (!connection.send(conversationId, ids.of(index), text(index), index, patience)) {
                stop("no send was answered for " + patience.toSeconds() + " s");
                return;
            }
        }
        if (!connection.awaitIdle(patience)) {
            stop("the last sends were not answered for " + patience.toSeconds() + " s");
        }
    }

    private String text(long index) {
        RandomGenerator random = new SplittableRandom(index);
        StringBuilder text = new StringBuilder(payloadBytes);
        for (int i = 0; i < payloadBytes; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    @Override
    public void onAck(Connection connection, ServerFrame.MessageAck frame, @Nullable SentMessage sent) {
        if (sent != null) {
            ack.record(System.nanoTime() - sent.firstWrittenNanos());
            lowest.accumulateAndGet(frame.sequenceNumber(), Math::min);
            highest.accumulateAndGet(frame.sequenceNumber(), Math::max);
            acked.increment();
        }
    }

    @Override
    public void onRefused(Connection connection, SentMessage sent, ServerFrame.Refusal refusal) {
        if (!over) {
            notices.add("refused: " + refusal.code());
            stop("a message was refused: " + refusal.code());
        }
    }

    @Override
    public void onDown(Connection connection, CloseReason reason, boolean reconnecting) {
        if (!over) {
            notices.add("not connected: " + reason);
        }
    }

    synchronized void stop(String reason) {
        if (stopped == null) {
            stopped = reason;
        }
    }

    /// Later events belong to the closing of the connections.
    void end() {
        over = true;
    }

    @Nullable
    String stopped() {
        return stopped;
    }

    long acked() {
        return acked.sum();
    }

    long firstNumber() {
        return acked() == 0 ? 0 : lowest.get();
    }

    long lastNumber() {
        return highest.get();
    }

    Latencies.Summary ack() {
        return ack.summary();
    }

    Notices notices() {
        return notices;
    }
}
