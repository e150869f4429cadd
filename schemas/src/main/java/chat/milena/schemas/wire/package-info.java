/// Values on the wire: Avro behind the Confluent header, with ids from the shipped schema versions.
@NullMarked
package chat.milena.schemas.wire;

import org.jspecify.annotations.NullMarked;
