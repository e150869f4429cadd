package chat.milena.bench.faults;

import chat.milena.bench.answer.PageAsk;
import chat.milena.bench.answer.ReadCall;
import chat.milena.bench.answer.ReadClient;
import chat.milena.bench.call.RestClient;
import chat.milena.bench.client.TokenSource;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Reads a page ten times a second, each once and without waiting for the one before, and notes when reads succeed.
///
/// The reads go to conversations of several partitions in turn. Those in flight are bounded by their rate and by the
/// time that a read may take.
final class ReadProbe implements AutoCloseable {
    private static final int CONVERSATIONS = 5;
    private static final long EVERY_MILLIS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int CONNECTIONS = 100;
    private static final int PAGE = 1;

    private final ReadClient reads;
    private final List<ReadCall> calls = new ArrayList<>();
    private final List<Long> succeeded = new ArrayList<>();
    private final List<Long> failed = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());
    private int turn;

    @SuppressWarnings("FutureReturnValueIgnored") // The timer ends with the probe.
    ReadProbe(URI server, TokenSource tokens) throws InterruptedException {
        String run = "reader-" + UUID.randomUUID().toString().substring(0, 8) + "-";
        try (RestClient rest = new RestClient(server, tokens, Duration.ofSeconds(60))) {
            for (int i = 0; i < CONVERSATIONS; i++) {
                String conversation = rest.createDirect(run + i, run + "other-" + i);
                calls.add(ReadCall.page(run + i, conversation, new PageAsk.Newest(PAGE)));
            }
        }
        reads = new ReadClient(List.of(server), tokens, CONNECTIONS, 1, PATIENCE, PATIENCE);
        timer.scheduleAtFixedRate(this::readOne, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    // The timer must not end with a failure, which is counted instead.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void readOne() {
        ReadCall call = calls.get(turn++ % calls.size());
        reads.once(call).whenComplete((answer, failure) -> note(failure == null && answer.ok()));
    }

    private synchronized void note(boolean success) {
        (success ? succeeded : failed).add(System.nanoTime());
    }

    /// The longest time without any read that succeeded, in seconds.
    synchronized double longestGap(long fromNanos, long untilNanos) {
        return Gaps.longestSeconds(succeeded, fromNanos, untilNanos);
    }

    /// Reads that failed in this time.
    synchronized long failures(long fromNanos, long untilNanos) {
        return failed.stream()
                .filter(moment -> moment - fromNanos >= 0 && moment - untilNanos < 0)
                .count();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        reads.close();
    }
}
