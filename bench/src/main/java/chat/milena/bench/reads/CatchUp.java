package chat.milena.bench.reads;

import chat.milena.bench.answer.ReadBodies;
import chat.milena.bench.answer.ReadCall;
import chat.milena.bench.answer.ReadClient;
import chat.milena.bench.answer.SyncRules;
import chat.milena.bench.answer.SyncedConversation;
import chat.milena.bench.answer.TimelineEntry;
import chat.milena.bench.call.HttpAnswer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// One return: syncs from a number on until there is no more, and keeps the entries.
///
/// Belongs to one thread. Requests are bounded by the number of missing entries that the server reports: an empty
/// answer that says there is more ends it.
final class CatchUp {
    private final ReadClient reads;
    private final String userId;
    private final String conversationId;
    private final OptionalInt limit;
    private final Map<Long, String> messages = new HashMap<>();
    private long last;
    private int requests;
    private long firstNanos;

    CatchUp(ReadClient reads, String userId, String conversationId, long last, OptionalInt limit) {
        this.reads = reads;
        this.userId = userId;
        this.conversationId = conversationId;
        this.last = last;
        this.limit = limit;
    }

    /// Syncs until it has all entries; returns the fault, or nothing.
    Optional<String> run() throws InterruptedException {
        long startNanos = System.nanoTime();
        boolean more = true;
        while (more) {
            ReadClient.Outcome outcome = reads.read(ReadCall.sync(userId, conversationId, last, limit));
            requests++;
            if (requests == 1) {
                firstNanos = System.nanoTime() - startNanos;
            }
            switch (outcome) {
                case ReadClient.Outcome.GivenUp givenUp -> {
                    return Optional.of("given up after " + givenUp.reason());
                }
                case ReadClient.Outcome.Answered answered -> {
                    Optional<SyncedConversation> synced = conversation(answered.answer());
                    if (synced.isEmpty()) {
                        return Optional.of("HTTP " + answered.answer().status() + " without the conversation");
                    }
                    Optional<String> fault = take(synced.get());
                    if (fault.isPresent()) {
                        return fault;
                    }
                    more = synced.get().hasMore();
                }
            }
        }
        return Optional.empty();
    }

    private Optional<SyncedConversation> conversation(HttpAnswer answer) {
        try {
            return answer.ok() ? ReadBodies.syncAnswer(answer.body()).conversation(conversationId) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<String> take(SyncedConversation synced) {
        Optional<String> fault = SyncRules.fault(synced, last);
        if (fault.isPresent()) {
            return fault;
        }
        if (synced.messages().isEmpty()) {
            return synced.hasMore() ? Optional.of("nothing after " + last + ", and yet more") : Optional.empty();
        }
        for (TimelineEntry entry : synced.messages()) {
            String messageId = entry.messageId();
            if (messageId != null) {
                messages.put(entry.sequenceNumber(), messageId);
            }
        }
        last = synced.messages().getLast().sequenceNumber();
        return Optional.empty();
    }

    /// The received ids, by number.
    Map<Long, String> messages() {
        return messages;
    }

    long last() {
        return last;
    }

    int requests() {
        return requests;
    }

    /// From the first request to its answer.
    long firstNanos() {
        return firstNanos;
    }
}
