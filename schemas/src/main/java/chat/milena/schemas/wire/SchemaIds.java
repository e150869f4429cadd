package chat.milena.schemas.wire;

import org.apache.avro.Schema;

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
}
