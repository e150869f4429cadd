package chat.milena.syncapi.route;

import chat.milena.protocol.json.Json;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.syncapi.barrier.EndOffsets;
import chat.milena.syncapi.view.ViewCopies;
import chat.milena.syncapi.view.ViewCopies.WrongStateException;
import chat.milena.syncapi.view.ViewCopy;
import com.fasterxml.jackson.core.JsonGenerator;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The steps of a rebuild of this instance's views, for an operator's tool. Safe for all threads; waits.
final class RebuildSteps {
    private static final Logger LOG = LoggerFactory.getLogger(RebuildSteps.class);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(20);
    /// The lag of a version whose progress is unknown.
    private static final long UNKNOWN = -1;

    /// The names of the steps.
    static final List<String> NAMES = List.of("begin", "switch", "retire");

    private final ViewCopies copies;
    private final EndOffsets ends;

    RebuildSteps(ViewCopies copies, EndOffsets ends) {
        this.copies = copies;
        this.ends = ends;
    }

    /// The versions here, the serving one first: `{"versions":[{"views","partitions","lag"}]}`; lag in records,
    /// including markers, -1 if unknown.
    HttpAnswer status() throws InterruptedException {
        List<ViewCopy> running = copies.running();
        long[] lags = new long[running.size()];
        for (int i = 0; i < lags.length; i++) {
            lags[i] = lag(running.get(i));
        }
        return HttpAnswer.of(StatusCodes.OK, Json.bytes(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("versions");
            for (int i = 0; i < lags.length; i++) {
                write(json, running.get(i), lags[i]);
            }
            json.writeEndArray();
            json.writeEndObject();
        }));
    }

    private static void write(JsonGenerator json, ViewCopy version, long lag) throws IOException {
        json.writeStartObject();
        json.writeStringField("views", version.name());
        json.writeNumberField("partitions", version.assigned().size());
        json.writeNumberField("lag", lag);
        json.writeEndObject();
    }

    /// Takes one step.
    HttpAnswer step(String step) throws InterruptedException {
        try {
            switch (step) {
                case "begin" -> copies.begin();
                case "switch" -> switchOver();
                case "retire" -> copies.retire(STOP_WITHIN);
                default -> {
                    return InternalGate.status(StatusCodes.NOT_FOUND);
                }
            }
            return status();
        } catch (WrongStateException e) {
            return wrong(String.valueOf(e.getMessage()));
        } catch (IOException | TimeoutException e) {
            LOG.error("The step {} of a rebuild failed", step, e);
            return wrong("the step failed: " + e.getMessage());
        }
    }

    private void switchOver() throws WrongStateException, IOException, InterruptedException {
        List<ViewCopy> running = copies.running();
        ViewCopy next = running.getLast();
        // In the new version, reads wait for the barrier as in the old one: it may be a moment behind, not more.
        copies.switchOver(next.viewName());
    }

    private static HttpAnswer wrong(String reason) {
        return HttpAnswer.of(StatusCodes.CONFLICT, Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("message", reason);
            json.writeEndObject();
        }));
    }

    private long lag(ViewCopy version) throws InterruptedException {
        Set<TopicPartition> own = version.assigned();
        try {
            Map<TopicPartition, Long> to = ends.of(own).get(ENDS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            return version.progress().follows(own) ? version.progress().lag(to) : UNKNOWN;
        } catch (ExecutionException | TimeoutException e) {
            return UNKNOWN;
        }
    }
}
