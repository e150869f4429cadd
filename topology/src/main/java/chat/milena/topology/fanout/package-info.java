/// The fanout application: expands the events of large groups into deliveries, beside the sequencer, so that a big
/// group never delays a small one.
@NullMarked
package chat.milena.topology.fanout;

import org.jspecify.annotations.NullMarked;
