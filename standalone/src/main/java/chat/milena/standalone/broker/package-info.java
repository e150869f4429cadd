/// A real Kafka broker inside this process.
@NullMarked
package chat.milena.standalone.broker;

import org.jspecify.annotations.NullMarked;
