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

/// What the views hold that cannot be read here: counted at each read that meets it, `milena.sync.unreadable`, and
/// logged once a place, without what is in it. Safe for all threads.
///
/// **Bound.** After [#PLACES_MAX] places others are only counted.
final class UnreadableValues {
    static final int PLACES_MAX = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(UnreadableValues.class);

    private final Counter counter;
    private final Set<Place> told = new HashSet<>();

    private record Place(String topic, Bytes key) {}

    UnreadableValues(MeterRegistry meters) {
        counter = Counter.builder("milena.sync.unreadable")
                .description("Reads that met a value of the views that cannot be read")
                .register(meters);
    }

    /// A read met one.
    void met(TopicSpec<?, ?> topic, Bytes key, SerializationException why) {
        counter.increment();
        if (isNews(new Place(topic.name(), key))) {
            // Not the exception: its text, or its cause's, may hold what was said.
            LOG.warn(
                    "The value of {} in the view of {} cannot be read here and counts as none ({})",
                    place(topic, key),
                    topic.name(),
                    why.getClass().getSimpleName());
        }
    }

    private boolean isNews(Place place) {
        synchronized (told) {
            return told.size() < PLACES_MAX && told.add(place);
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
