package chat.milena.bench.replay;

import chat.milena.bench.answer.PageAsk;
import chat.milena.bench.answer.PageRules;
import chat.milena.bench.answer.ReadBodies;
import chat.milena.bench.answer.ReadCall;
import chat.milena.bench.answer.ReadClient;
import chat.milena.bench.check.Examples;
import chat.milena.bench.check.Fold;
import chat.milena.bench.check.FoldedMessage;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Reads the whole history of each group as each of its members, and compares it with the messages that the member has
/// by applying frames. Bounded: a few histories are read at a time, page by page.
final class FoldReaders {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int READERS = 16;
    private static final int PAGE = 200;
    private static final Duration CALL_PATIENCE = Duration.ofSeconds(15);

    private final ReadClient reads;
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong different = new AtomicLong();
    private final AtomicLong broken = new AtomicLong();
    private final Examples examples = new Examples();
    private long histories;

    private FoldReaders(ReadClient reads) {
        this.reads = reads;
    }

    /// One reader of one group.
    ///
    /// @param last the highest number that any connection has seen
    record Reader(String userId, String conversationId, Fold fold, long last) {}

    /// Reads as all of these.
    ///
    /// @param syncs that brought what frames did not
    static ReplayResult.FoldCount read(ReplayOptions options, List<Reader> readers, long syncs)
            throws InterruptedException {
        try (ReadClient reads = new ReadClient(
                List.of(options.server()), options.tokens(), READERS, 1, CALL_PATIENCE, options.giveUpAfter())) {
            FoldReaders all = new FoldReaders(reads);
            all.run(readers);
            return all.count(syncs);
        }
    }

    private void run(List<Reader> readers) throws InterruptedException {
        Semaphore room = new Semaphore(READERS);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Reader reader : readers) {
                histories++;
                room.acquire();
                threads.execute(() -> {
                    try {
                        read(reader);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        differs(reader, 0, "the read was interrupted");
                    } catch (IOException | RuntimeException e) {
                        differs(reader, 0, e.toString());
                    } finally {
                        room.release();
                    }
                });
            }
        }
    }

    private void read(Reader reader) throws IOException, InterruptedException {
        if (reader.fold.isBroken()) {
            broken.incrementAndGet();
            return;
        }
        if (reader.fold.last() != reader.last) {
            differs(reader, reader.fold.last(), "it ends there, and not with " + reader.last);
        }
        long number = 0;
        while (number < reader.last) {
            PageAsk ask = new PageAsk.After(number, PAGE);
            byte[] body = page(reader, ask);
            Optional<String> fault = PageRules.fault(ask, ReadBodies.page(body), reader.last);
            if (fault.isPresent()) {
                differs(reader, number, fault.get());
                return;
            }
            for (JsonNode entry : JSON.readTree(body).path("messages")) {
                number = entry.path("sequenceNumber").asLong();
                compare(reader, number, entry);
            }
        }
    }

    private byte[] page(Reader reader, PageAsk ask) throws IOException, InterruptedException {
        return switch (reads.read(ReadCall.page(reader.userId, reader.conversationId, ask))) {
            case ReadClient.Outcome.Answered(var answer, URI origin) when answer.ok() -> answer.body();
            case ReadClient.Outcome.Answered(var answer, URI origin) ->
                throw new IOException("HTTP " + answer.status());
            case ReadClient.Outcome.GivenUp(String reason, Duration pause) -> throw new IOException(reason);
        };
    }

    private void compare(Reader reader, long number, JsonNode entry) {
        boolean shown = entry.path("kind").asText().equals("message")
                && !entry.path("hidden").asBoolean();
        FoldedMessage read = shown ? message(entry) : null;
        FoldedMessage folded = reader.fold.message(number);
        if (read != null) {
            messages.incrementAndGet();
        }
        if (read == null ? folded != null : !read.equals(folded)) {
            differs(reader, number, "read " + read + ", folded " + folded);
        }
    }

    /// The message of an entry of the history.
    static FoldedMessage message(JsonNode entry) {
        Map<String, Long> reactions = new HashMap<>();
        for (JsonNode reaction : entry.path("reactions")) {
            reactions.put(
                    reaction.path("emoji").asText(), reaction.path("count").asLong());
        }
        String text = entry.path("content").path("text").textValue();
        return new FoldedMessage(
                FoldedMessage.fingerprint(text),
                entry.path("revision").asLong(),
                entry.has("deletedAt"),
                reactions,
                entry.path("thread").path("replyCount").asLong());
    }

    private void differs(Reader reader, long number, @Nullable String how) {
        different.incrementAndGet();
        examples.add("number " + number + " of " + reader.conversationId + " at " + reader.userId + ": " + how);
    }

    private ReplayResult.FoldCount count(long syncs) {
        return new ReplayResult.FoldCount(
                histories, messages.get(), different.get(), broken.get(), syncs, examples.list());
    }
}
