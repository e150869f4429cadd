package chat.milena.schemas.wire;

import org.apache.avro.Schema;

/// Which number stands for which schema on the wire. Implementations are safe for all threads.
public interface SchemaIds {

    /// The id that values written with this schema carry.
    ///
    /// @throws org.apache.kafka.common.errors.SerializationException if the schema has no id
    int idOf(Schema writer);

    /// The schema that values with this id were written with.
    ///
    /// @throws org.apache.kafka.common.errors.SerializationException if the id is unknown
    Schema schemaOf(int id);
}
