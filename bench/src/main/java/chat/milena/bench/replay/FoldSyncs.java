package chat.milena.bench.replay;

import chat.milena.bench.answer.ReadCall;
import chat.milena.bench.answer.ReadClient;
import chat.milena.bench.check.Fold;
import chat.milena.bench.check.Observer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Syncs for people whose connections lost frames, as a client does, while the frames that come meanwhile wait in the
/// folds. A few syncs run at a time; a fold whose sync fails stays behind. Safe for all threads.
final class FoldSyncs implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SYNCS = 16;
    private static final int CONVERSATIONS = 500;
    private static final Duration CALL_PATIENCE = Duration.ofSeconds(15);

    private final ReadClient reads;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore room = new Semaphore(SYNCS);
    private final AtomicInteger running = new AtomicInteger();
    private final LongAdder done = new LongAdder();

    FoldSyncs(ReplayOptions options) {
        reads = new ReadClient(
                List.of(options.server()), options.tokens(), SYNCS, 1, CALL_PATIENCE, options.giveUpAfter());
    }

    /// A fold, and the loss after which it is synced.
    private record Gap(Fold fold, int loss) {}

    /// Lets the folds of a person wait, and begins to sync them.
    void begin(String userId, Observer observer) {
        Map<String, Gap> gaps = new HashMap<>();
        observer.losesFrames().forEach((id, fold) -> gaps.put(id, new Gap(fold, fold.losses())));
        running.incrementAndGet();
        threads.execute(() -> {
            try {
                room.acquire();
                try {
                    sync(userId, gaps);
                } finally {
                    room.release();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                // What was not synced is not compared.
            } finally {
                running.decrementAndGet();
            }
        });
    }

    private void sync(String userId, Map<String, Gap> gaps) throws IOException, InterruptedException {
        Map<String, Gap> left = new HashMap<>(gaps);
        while (!left.isEmpty()) {
            Map<String, Long> positions = new HashMap<>();
            left.entrySet().stream()
                    .limit(CONVERSATIONS)
                    .forEach(gap ->
                            positions.put(gap.getKey(), gap.getValue().fold.whole()));
            boolean further = false;
            for (JsonNode synced : answer(ReadCall.sync(userId, positions))) {
                String id = synced.path("conversationId").asText();
                Gap gap = left.get(id);
                if (gap == null) {
                    throw new IOException("a conversation that was not requested");
                }
                further |= take(gap, synced);
                // After another loss, another sync does it.
                if (!synced.path("hasMore").asBoolean() || gap.fold.losses() != gap.loss) {
                    left.remove(id);
                    done.increment();
                }
            }
            if (!further) {
                throw new IOException("nothing further");
            }
        }
    }

    private JsonNode answer(ReadCall call) throws IOException, InterruptedException {
        if (reads.read(call) instanceof ReadClient.Outcome.Answered(var answer, var origin) && answer.ok()) {
            return JSON.readTree(answer.body()).path("conversations");
        }
        throw new IOException("no answer to a sync");
    }

    /// @return whether it brought anything, if only the end
    private static boolean take(Gap gap, JsonNode synced) {
        long before = gap.fold.whole();
        boolean hasMore = synced.path("hasMore").asBoolean();
        for (String list : List.of("messages", "changed")) {
            for (JsonNode entry : synced.path(list)) {
                if (entry.path("hidden").asBoolean()) {
                    gap.fold.hiddenBySync(gap.loss, entry.path("sequenceNumber").asLong());
                } else if (entry.path("kind").asText().equals("message")) {
                    gap.fold.synced(
                            gap.loss,
                            entry.path("sequenceNumber").asLong(),
                            entry.path("messageId").asText(),
                            entry.path("timestamp").asLong(),
                            FoldReaders.message(entry));
                }
            }
        }
        gap.fold.synced(gap.loss, synced.path("upToSequence").asLong(), hasMore);
        return !hasMore || gap.fold.losses() != gap.loss || gap.fold.whole() > before;
    }

    boolean idle() {
        return running.get() == 0;
    }

    long done() {
        return done.sum();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
        reads.close();
    }
}
