/// What is added to messages, as the sequencer stores and publishes it.
@NullMarked
package chat.milena.topology.annotation;

import org.jspecify.annotations.NullMarked;
