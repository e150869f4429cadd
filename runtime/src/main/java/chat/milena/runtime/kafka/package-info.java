/// How services reach Kafka: client properties and topics.
@NullMarked
package chat.milena.runtime.kafka;

import org.jspecify.annotations.NullMarked;
