/// The fanout application: expands the events of large groups into deliveries, separate from the sequencer, so
/// that a large group never delays a small one.
@NullMarked
package chat.milena.topology.fanout;

import org.jspecify.annotations.NullMarked;
