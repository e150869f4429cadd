package chat.milena.schemas.topic;

import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.RawKey;
import chat.milena.schemas.wire.ShippedSchemas;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// Keys as people read them: their parts, with a space between, such as `default grp_plans 12`. For Kafka's own tools,
/// which create it by its name. Keys of other topics, and those that cannot be read, are shown by their digits.
public final class KeyText implements Deserializer<String> {
    private static final String SPACE = " ";

    private final Map<String, Deserializer<? extends LogKey>> topics = new TopicCatalogue(
                    Sizing.EMBEDDED, ShippedSchemas.load())
            .all().stream()
                    .collect(Collectors.toMap(
                            TopicSpec::name, topic -> topic.keys().deserializer()));

    @Override
    public @Nullable String deserialize(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        Deserializer<? extends LogKey> known = topics.get(topic);
        if (known == null) {
            return digits(bytes);
        }
        try {
            LogKey key = known.deserialize(topic, bytes);
            return key instanceof RawKey ? digits(bytes) : String.join(SPACE, parts((Record) key));
        } catch (SerializationException e) {
            return digits(bytes);
        }
    }

    private static String digits(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static List<String> parts(Record key) {
        List<String> parts = new ArrayList<>();
        for (RecordComponent component : key.getClass().getRecordComponents()) {
            Object part;
            try {
                part = component.getAccessor().invoke(key);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
            if (part instanceof Record inner) {
                parts.addAll(parts(inner));
            } else {
                parts.add(String.valueOf(part));
            }
        }
        return parts;
    }
}
