/// The topic catalogue: every topic's name, key, partitions, retention and cleanup, in one place.
@NullMarked
package chat.milena.schemas.topic;

import org.jspecify.annotations.NullMarked;
