package chat.milena.runtime.lifecycle;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// A step of a command that is followed. Safe for all threads.
public final class TraceStep {
    /// The name of the header, as W3C Trace Context has it.
    static final String HEADER = "traceparent";

    private final Span span;

    TraceStep(Span span) {
        this.span = span;
    }

    /// Makes a record part of the trace, behind this step.
    public void tag(Headers headers) {
        W3CTraceContextPropagator.getInstance().inject(Context.root().with(span), headers, (to, name, value) -> {
            if (to != null && name.equals(HEADER)) {
                to.remove(HEADER).add(HEADER, value.getBytes(StandardCharsets.US_ASCII));
            }
        });
    }

    /// Says which record it is about.
    public void note(String topic, int partition, long offset) {
        span.setAttribute("messaging.destination.name", topic);
        span.setAttribute("messaging.destination.partition.id", Integer.toString(partition));
        span.setAttribute("messaging.kafka.offset", offset);
    }

    public void end() {
        end(null);
    }

    /// Ends it.
    ///
    /// @param failure that ended it; null for none
    public void end(@Nullable Throwable failure) {
        if (failure != null) {
            span.setStatus(StatusCode.ERROR, failure.getClass().getSimpleName());
        }
        span.end();
    }
}
