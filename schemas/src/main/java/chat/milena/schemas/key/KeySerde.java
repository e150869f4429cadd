package chat.milena.schemas.key;

import java.util.function.Function;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/// Writes and reads one kind of [LogKey]; a null key stays null. Stateless, safe for all threads.
public record KeySerde<K extends LogKey>(Function<byte[], K> parse) implements Serde<K> {

    @Override
    public Serializer<K> serializer() {
        return (topic, key) -> key == null ? null : key.toBytes();
    }

    @Override
    public Deserializer<K> deserializer() {
        return (topic, bytes) -> bytes == null ? null : parse.apply(bytes);
    }
}
