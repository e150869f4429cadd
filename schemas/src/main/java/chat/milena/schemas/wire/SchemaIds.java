package chat.milena.schemas.wire;

import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/// The ids of schemas on the wire. Implementations are safe for all threads.
public interface SchemaIds {

    /// The id in values written with this schema.
    ///
    /// @throws org.apache.kafka.common.errors.SerializationException if the schema has no id
    int idOf(Schema writer);

    /// The schema of values with this id.
    ///
    /// @throws org.apache.kafka.common.errors.SerializationException if the id is unknown
    Schema schemaOf(int id);

    /// The version of a schema that the versions of Milena know which may run beside this one; null if that is the
    /// schema itself, or none.
    default @Nullable Schema olderOf(Schema writer) {
        return null;
    }
}
