package chat.milena.bench.worker;

import chat.milena.bench.call.HttpAnswer;
import chat.milena.bench.call.RestClient;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.report.Latencies;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import java.util.function.ToLongFunction;

/// What a classifier has flagged, as moderators find it in their queue.
///
/// @param moderators calls as moderators of the tenant
/// @param numberOf the number of a message in this run by its id; below 0 for others
/// @param isSpam whether the message of a number was planted
record FlagQueue(RestClient moderators, ToLongFunction<String> numberOf, LongPredicate isSpam) {
    private static final String MODERATOR = "moderator";
    private static final String PATH = "/api/v1/moderation/reports?limit=100";
    private static final String CLASSIFIER = "classifier";
    private static final String UNANSWERED = "unanswered";

    /// What was flagged.
    ///
    /// @param caught planted spam
    /// @param mistaken other messages
    /// @param unanswered messages that were flagged since there was no answer, as far as the queue takes them
    /// @param flag from the time of a message until that of its flag, both of the server
    record Flags(long caught, long mistaken, long unanswered, Latencies.Summary flag) {
        long all() {
            return caught + mistaken + unanswered;
        }
    }

    /// Reads the queue to its end. What was written before a moment counts, and is not timed.
    Flags read(Instant timedFrom) throws InterruptedException {
        long caught = 0;
        long mistaken = 0;
        long unanswered = 0;
        Latencies flag = new Latencies();
        String next = PATH;
        while (!next.isEmpty()) {
            HttpAnswer answer = moderators.call(MODERATOR, "GET", next, null);
            if (!answer.ok()) {
                throw new UsageFailure("the queue of the moderators cannot be read: " + answer.refusal());
            }
            JsonNode page = answer.json();
            for (JsonNode row : page.path("reports")) {
                long number = numberOf.applyAsLong(row.path("messageId").asText());
                JsonNode found = found(row.path("flags"));
                if (number < 0 || found.isMissingNode()) {
                    continue;
                }
                if (found.path("label").asText().equals(UNANSWERED)) {
                    unanswered++;
                } else if (isSpam.test(number)) {
                    caught++;
                } else {
                    mistaken++;
                }
                long writtenMillis = row.at("/evidence/timestamp").asLong();
                if (writtenMillis >= timedFrom.toEpochMilli()) {
                    flag.record(TimeUnit.MILLISECONDS.toNanos(
                            found.path("timestamp").asLong() - writtenMillis));
                }
            }
            String cursor = page.path("nextCursor").asText();
            next = cursor.isEmpty() ? "" : PATH + "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
        }
        return new Flags(caught, mistaken, unanswered, flag.summary());
    }

    private static JsonNode found(JsonNode flags) {
        for (JsonNode flag : flags) {
            if (flag.path("rule").asText().equals(CLASSIFIER)) {
                return flag;
            }
        }
        return MissingNode.getInstance();
    }
}
