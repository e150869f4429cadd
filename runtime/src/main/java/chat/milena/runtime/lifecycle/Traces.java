package chat.milena.runtime.lifecycle;

import chat.milena.runtime.config.Settings;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The traces of commands, from a gateway to the sockets of others, for a collector that takes OTLP over HTTP. A
/// process
/// without a collector has no object of this class, and does nothing for traces. Safe for all threads.
///
/// One command in `MILENA_TRACES_ONE_IN` is followed. Its place in the trace goes from process to process in the header
/// `traceparent` of Kafka's records (W3C Trace Context, https://www.w3.org/TR/trace-context/).
///
/// **Bounds.** Up to 2,048 ended steps wait for the collector; beyond that, and while it does not answer, they are
/// dropped. Nothing else ever waits for it.
public final class Traces implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(Traces.class);
    private static final int WAITING_MAX = 2_048;
    private static final int ONE_IN_MAX = 1_000_000;
    private static final Duration SENT_EVERY = Duration.ofSeconds(1);
    private static final Duration SENT_WITHIN = Duration.ofSeconds(5);
    private static final Duration FLUSHED_WITHIN = Duration.ofSeconds(2);

    /// It reports each failure in a form of its own; held, since loggers without a holder lose their level.
    private static final java.util.logging.Logger OTHERS = java.util.logging.Logger.getLogger("io.opentelemetry");

    private final URI collector;
    private final int oneIn;
    private @Nullable SpanProcessor sending;

    private Traces(URI collector, int oneIn) {
        this.collector = collector;
        this.oneIn = oneIn;
    }

    /// As the settings say; null if they name no collector. Errors are noted there.
    public static @Nullable Traces of(Settings settings) {
        int oneIn = settings.integer("MILENA_TRACES_ONE_IN", 100, 1, ONE_IN_MAX);
        return settings.read("MILENA_TRACES_URL", Optional.<URI>empty(), text -> Optional.of(url(text)))
                .map(url -> new Traces(url, oneIn))
                .orElse(null);
    }

    private static URI url(String text) {
        URI url = URI.create(text);
        if (url.getHost() == null || !List.of("http", "https").contains(url.getScheme())) {
            throw new IllegalArgumentException("must be an http or https URL, such as http://collector:4318/v1/traces");
        }
        if (url.getUserInfo() != null) {
            throw new IllegalArgumentException("must not hold a password");
        }
        return url;
    }

    /// A part of the way.
    ///
    /// @param service the name that the collector groups it by
    public TraceHop hop(String service) {
        return hop(service, sending());
    }

    private TraceHop hop(String service, SpanProcessor to) {
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault().toBuilder()
                        .put(AttributeKey.stringKey("service.name"), service)
                        .build())
                .addSpanProcessor(to)
                .build();
        return new TraceHop(provider.get("chat.milena"), oneIn);
    }

    private synchronized SpanProcessor sending() {
        SpanProcessor known = sending;
        if (known == null) {
            OTHERS.setLevel(Level.OFF);
            OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                    .setEndpoint(collector.toString())
                    .setTimeout(SENT_WITHIN)
                    .build();
            known = BatchSpanProcessor.builder(new Reporting(exporter, collector))
                    .setMaxQueueSize(WAITING_MAX)
                    .setScheduleDelay(SENT_EVERY)
                    .setExporterTimeout(SENT_WITHIN)
                    .build();
            sending = known;
        }
        return known;
    }

    @Override
    public String name() {
        return "traces";
    }

    @Override
    public void start() {
        // The first step starts it.
    }

    /// Sends what waits.
    @Override
    public synchronized void stop(Duration within) {
        if (sending != null) {
            long millis = Math.min(within.toMillis(), FLUSHED_WITHIN.toMillis());
            CompletableResultCode sent = sending.shutdown().join(millis, TimeUnit.MILLISECONDS);
            LOG.debug("The last traces were sent: {}", sent.isSuccess());
        }
    }

    /// Logs once that the collector does not take traces, and once that it does again.
    private record Reporting(SpanExporter exporter, URI collector, AtomicBoolean isAway) implements SpanExporter {
        private Reporting(SpanExporter exporter, URI collector) {
            this(exporter, collector, new AtomicBoolean());
        }

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            CompletableResultCode result = exporter.export(spans);
            return result.whenComplete(() -> {
                boolean isAwayNow = !result.isSuccess();
                if (isAway.getAndSet(isAwayNow) != isAwayNow) {
                    LOG.warn(
                            isAwayNow
                                    ? "The collector at {} takes no traces; they are dropped until it does"
                                    : "The collector at {} takes traces again",
                            collector);
                }
            });
        }

        @Override
        public CompletableResultCode flush() {
            return exporter.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return exporter.shutdown();
        }
    }
}
