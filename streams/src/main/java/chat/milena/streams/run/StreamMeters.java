package chat.milena.streams.run;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import org.jspecify.annotations.Nullable;

/// What operators see of an application, until it is closed: the records that it has still to restore and, if the
/// settings ask for them, the several hundred series of Kafka Streams and its clients.
public final class StreamMeters implements AutoCloseable {
    private final MeterRegistry meters;
    private final Gauge restoring;
    private final @Nullable KafkaStreamsMetrics kafka;

    public StreamMeters(StreamsService service, StreamsConfiguration config, MeterRegistry meters) {
        this.meters = meters;
        this.restoring = Gauge.builder("milena.stream.restoring", service, StreamsService::restoring)
                .description("Records of changelogs that the application has still to read before it works")
                .tag("application", service.name())
                .register(meters);
        this.kafka = config.kafkaMetrics()
                ? new KafkaStreamsMetrics(service.streams(), Tags.of("application", service.name()))
                : null;
        if (kafka != null) {
            kafka.bindTo(meters);
        }
    }

    @Override
    public void close() {
        meters.remove(restoring);
        if (kafka != null) {
            kafka.close();
        }
    }
}
