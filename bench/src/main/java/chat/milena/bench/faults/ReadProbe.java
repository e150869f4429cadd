package chat.milena.bench.faults;

import chat.milena.bench.answer.PageAsk;
import chat.milena.bench.answer.ReadCall;
import chat.milena.bench.answer.ReadClient;
import chat.milena.bench.answer.ReadBodies;
import chat.milena.bench.answer.TimelineEntry;
import chat.milena.bench.call.HttpAnswer;
import chat.milena.bench.call.RestClient;
import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Reads the newest page of some conversations in turn, ten times a second, each once and without waiting for the one
/// before, and notes when reads succeed. It also writes to them once a second: a page that lacks what was acked before
/// it was asked for is stale.
///
/// The reads in flight are bounded by their rate and by the time that one may take.
final class ReadProbe implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int CONVERSATIONS = 5;
    private static final long EVERY_MILLIS = 100;
    private static final long WRITE_EVERY_MILLIS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int CONNECTIONS = 100;
    private static final int PAGE = 1;

    private final RestClient rest;
    private final ReadClient reads;
    private final List<Talk> talks = new ArrayList<>();
    private final List<Long> failed = new ArrayList<>();
    private final ScheduledExecutorService reader = timer();
    private final ScheduledExecutorService writer = timer();
    private int toRead;
    private int toWrite;
    private long stale;

    /// One conversation.
    private record Talk(String userId, String conversationId, AtomicLong acked, List<Long> succeeded) {}

    @SuppressWarnings("FutureReturnValueIgnored") // The timer ends with the probe.
    ReadProbe(URI server, TokenSource tokens) throws InterruptedException {
        String run = "reader-" + UUID.randomUUID().toString().substring(0, 8) + "-";
        rest = new RestClient(server, tokens, PATIENCE);
        for (int i = 0; i < CONVERSATIONS; i++) {
            talks.add(new Talk(
                    run + i, rest.createDirect(run + i, run + "other-" + i), new AtomicLong(), new ArrayList<>()));
        }
        reads = new ReadClient(List.of(server), tokens, CONNECTIONS, 1, PATIENCE, PATIENCE);
        reader.scheduleAtFixedRate(this::readOne, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        writer.scheduleWithFixedDelay(this::writeOne, 0, WRITE_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static ScheduledExecutorService timer() {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().factory());
    }

    /// A message without an ack may be there or not.
    private void writeOne() {
        Talk talk = talks.get(toWrite++ % talks.size());
        ObjectNode body = JSON.createObjectNode().put("messageId", "probe-" + toWrite);
        body.putObject("content").put("type", "text").put("text", "probe");
        String path = "/api/v1/conversations/" + talk.conversationId + "/messages";
        try {
            HttpAnswer answer = rest.call(talk.userId, "POST", path, body);
            if (answer.ok()) {
                talk.acked.accumulateAndGet(answer.json().path("sequenceNumber").asLong(), Math::max);
            }
        } catch (UsageFailure e) {
            // The load counts what is not acked.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // A failure is counted when the read completes.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void readOne() {
        Talk talk = talks.get(toRead++ % talks.size());
        long acked = talk.acked.get();
        reads.once(ReadCall.page(talk.userId, talk.conversationId, new PageAsk.Newest(PAGE)))
                .whenComplete((answer, failure) -> note(talk, acked, answer));
    }

    private synchronized void note(Talk talk, long acked, @Nullable HttpAnswer answer) {
        if (answer == null || !answer.ok()) {
            failed.add(System.nanoTime());
        } else if (last(answer) < acked) {
            stale++;
        } else {
            talk.succeeded.add(System.nanoTime());
        }
    }

    private static long last(HttpAnswer answer) {
        try {
            return ReadBodies.page(answer.body()).messages().stream()
                    .mapToLong(TimelineEntry::sequenceNumber)
                    .max()
                    .orElse(0);
        } catch (IOException e) {
            return -1;
        }
    }

    /// The longest time without a read of one conversation that succeeded, in seconds, over all of them.
    synchronized double longestGap(long fromNanos, long untilNanos) {
        return talks.stream()
                .mapToDouble(talk -> Gaps.longestSeconds(talk.succeeded, fromNanos, untilNanos))
                .max()
                .orElse(0);
    }

    /// Reads that failed in this time.
    synchronized long failures(long fromNanos, long untilNanos) {
        return failed.stream()
                .filter(moment -> moment - fromNanos >= 0 && moment - untilNanos < 0)
                .count();
    }

    /// Pages that lacked an acked message.
    synchronized long stale() {
        return stale;
    }

    @Override
    public void close() {
        reader.shutdownNow();
        writer.shutdownNow();
        reads.close();
        rest.close();
    }
}
