package chat.milena.syncapi.view;

import chat.milena.schemas.topic.TopicSpec;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.utils.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Values of the views that cannot be read here: each read of one is counted, `milena.sync.unreadable`, and each
/// place is logged once, without its content. Safe for all threads.
///
/// **Bound.** Beyond [#PLACES_MAX] places, others are only counted.
final class UnreadableValues {
    static final int PLACES_MAX = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(UnreadableValues.class);

    private final Counter counter;
    private final Set<Place> logged = new HashSet<>();

    private record Place(String topic, Bytes key) {}

    UnreadableValues(MeterRegistry meters) {
        counter = Counter.builder("milena.sync.unreadable")
                .description("Reads that found an unreadable value in the views")
                .register(meters);
    }

    /// A read found one.
    void met(TopicSpec<?, ?> topic, Bytes key, SerializationException why) {
        counter.increment();
        if (isNews(new Place(topic.name(), key))) {
            // Not the exception: its text, or its cause's, may hold message content.
            LOG.warn(
                    "The value of {} in the view of {} cannot be read and counts as absent ({})",
                    place(topic, key),
                    topic.name(),
                    why.getClass().getSimpleName());
        }
    }

    private boolean isNews(Place place) {
        synchronized (logged) {
            return logged.size() < PLACES_MAX && logged.add(place);
        }
    }

    private static String place(TopicSpec<?, ?> topic, Bytes key) {
        try {
            return String.valueOf(topic.keys().deserializer().deserialize(topic.name(), key.get()));
        } catch (SerializationException e) {
            return "a key that cannot be read either";
        }
    }
}
