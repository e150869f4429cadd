package chat.milena.bench.answer;

import chat.milena.bench.call.HttpAnswer;
import chat.milena.bench.check.Examples;
import chat.milena.bench.client.TokenSource;
import chat.milena.bench.report.Latencies;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Reads immediately after every ack, over other connections than the message used: a sync from an earlier number
/// and a page of history. Both must contain the message. Thread-safe.
///
/// Each ack uses two virtual threads until both reads have ended. The caller bounds the number of acks at a time,
/// so that no read waits for another.
public final class AckVerifier implements AutoCloseable {
    private static final Duration CALL_PATIENCE = Duration.ofSeconds(5);
    private static final int BACK_MAX = 10;
    private static final int LIMIT = 50;

    private final ReadClient reads;
    private final ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
    private final Latencies syncs = new Latencies();
    private final Latencies pages = new Latencies();
    private final LongAdder begun = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder wrong = new LongAdder();
    private final LongAdder expired = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Examples examples = new Examples();

    /// @param acksAtOnce the maximum number of acks at the same time
    /// @param patience how long a read may be refused
    public AckVerifier(List<URI> origins, TokenSource tokens, int acksAtOnce, Duration patience) {
        this.reads = new ReadClient(origins, tokens, 2 * acksAtOnce, 1, CALL_PATIENCE, patience);
    }

    /// Never blocks. Another thread calls `done` when both reads have ended.
    public void acked(String readerId, String conversationId, String messageId, long number, Runnable done) {
        begun.increment();
        // From some numbers before the ack, so that the entries before it are checked too.
        long from = Math.max(0, number - 1 - number % BACK_MAX);
        AtomicInteger open = new AtomicInteger(2);
        Runnable one = () -> {
            if (open.decrementAndGet() == 0) {
                ended.increment();
                done.run();
            }
        };
        Ack ack = new Ack(readerId, conversationId, messageId, number, from);
        try {
            readers.execute(() -> read(ack, syncCall(ack), syncs, this::ofSync, one));
            readers.execute(() -> read(ack, pageCall(ack), pages, this::ofPage, one));
        } catch (RejectedExecutionException e) {
            // The run has ended; the ack stays unread.
            done.run();
        }
    }

    private record Ack(String readerId, String conversationId, String messageId, long number, long from) {
        PageAsk ask() {
            return switch ((int) (number % 3)) {
                case 0 -> new PageAsk.Newest(LIMIT);
                case 1 -> new PageAsk.Before(number + 1, LIMIT);
                default -> new PageAsk.After(from, LIMIT);
            };
        }
    }

    private interface Judge {
        AckRules.Verdict of(Ack ack, byte[] body) throws IOException;
    }

    private static ReadCall syncCall(Ack ack) {
        return ReadCall.sync(ack.readerId, ack.conversationId, ack.from, OptionalInt.of(LIMIT));
    }

    private static ReadCall pageCall(Ack ack) {
        return ReadCall.page(ack.readerId, ack.conversationId, ack.ask());
    }

    private AckRules.Verdict ofSync(Ack ack, byte[] body) throws IOException {
        return AckRules.ofSync(ReadBodies.syncAnswer(body), ack.conversationId, ack.from, ack.messageId, ack.number);
    }

    private AckRules.Verdict ofPage(Ack ack, byte[] body) throws IOException {
        return AckRules.ofPage(ack.ask(), ReadBodies.page(body), ack.messageId, ack.number);
    }

    private void read(Ack ack, ReadCall call, Latencies latencies, Judge judge, Runnable done) {
        try {
            long askedNanos = System.nanoTime();
            ReadClient.Outcome outcome = reads.read(call);
            latencies.record(System.nanoTime() - askedNanos);
            switch (outcome) {
                case ReadClient.Outcome.Answered answered -> judge(ack, call, answered, judge);
                case ReadClient.Outcome.GivenUp givenUp -> failed(ack, call, "given up after " + givenUp.reason());
            }
        } catch (InterruptedException e) {
            // The run has ended; the ack stays unread.
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException e) {
            failed(ack, call, e.toString());
        }
        done.run();
    }

    private void judge(Ack ack, ReadCall call, ReadClient.Outcome.Answered answered, Judge judge) {
        HttpAnswer answer = answered.answer();
        if (!answer.ok()) {
            failed(ack, call, "HTTP " + answer.status() + " of " + answered.origin());
            return;
        }
        try {
            switch (judge.of(ack, answer.body())) {
                case AckRules.Verdict.Held held -> {}
                case AckRules.Verdict.Expired gone -> expired.increment();
                case AckRules.Verdict.Missed missed -> {
                    misses.increment();
                    example("missed", ack, call, missed.reason() + ", of " + answered.origin());
                }
                case AckRules.Verdict.Wrong other -> {
                    wrong.increment();
                    example("wrong", ack, call, other.reason() + ", of " + answered.origin());
                }
            }
        } catch (IOException e) {
            failed(ack, call, "an unreadable answer, from " + answered.origin());
        }
    }

    private void failed(Ack ack, ReadCall call, String reason) {
        failed.increment();
        example("failed", ack, call, reason);
    }

    private void example(String what, Ack ack, ReadCall call, String reason) {
        String from = call.body() == null ? "" : " from " + ack.from;
        examples.add(what + ": " + ack.conversationId + " number " + ack.number + ", message " + ack.messageId
                + ", read by " + ack.readerId + " with " + call.path() + from + ": " + reason);
    }

    public long verified() {
        return ended.sum();
    }

    public AckReadReport report() {
        return new AckReadReport(
                ended.sum(),
                misses.sum(),
                wrong.sum(),
                expired.sum(),
                failed.sum(),
                begun.sum() - ended.sum(),
                reads.counts(),
                syncs.summary(),
                pages.summary(),
                examples.list());
    }

    @Override
    public void close() {
        readers.shutdownNow();
        reads.close();
    }
}
