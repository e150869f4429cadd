package chat.milena.runtime.lifecycle;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// A part of the way of commands, whose steps belong to the traces of these. Safe for all threads.
public final class TraceHop {
    @SuppressWarnings("deprecation") // A method without a body, which nobody calls any longer.
    private static final TextMapGetter<Header> PARENT = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Header header) {
            return List.of(header.key());
        }

        @Override
        public @Nullable String get(@Nullable Header header, String key) {
            return header != null && header.key().equals(key)
                    ? new String(header.value(), StandardCharsets.US_ASCII)
                    : null;
        }
    };

    private final Tracer tracer;
    private final int oneIn;

    /// @param oneIn how many commands there are for each one that is followed
    TraceHop(Tracer tracer, int oneIn) {
        this.tracer = tracer;
        this.oneIn = oneIn;
    }

    /// The first step of a command; null for one that is not followed.
    public @Nullable TraceStep begin(String name, Instant since) {
        if (ThreadLocalRandom.current().nextInt(oneIn) != 0) {
            return null;
        }
        return new TraceStep(tracer.spanBuilder(name)
                .setNoParent()
                .setSpanKind(SpanKind.PRODUCER)
                .setStartTimestamp(since)
                .startSpan());
    }

    /// The next step of the command that a record belongs to; null if that is not followed.
    ///
    /// @param headers of the record
    public @Nullable TraceStep follow(String name, Headers headers) {
        Header header = headers.lastHeader(TraceStep.HEADER);
        if (header == null || header.value() == null) {
            return null;
        }
        Context parent = W3CTraceContextPropagator.getInstance().extract(Context.root(), header, PARENT);
        if (!Span.fromContext(parent).getSpanContext().isSampled()) {
            return null;
        }
        return new TraceStep(tracer.spanBuilder(name)
                .setParent(parent)
                .setSpanKind(SpanKind.CONSUMER)
                .startSpan());
    }
}
