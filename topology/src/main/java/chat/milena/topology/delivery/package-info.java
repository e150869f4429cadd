/// Recipients by shard, and the records for them: one for each shard. For large groups the fanout application
/// makes them, separate from the sequencer, so that a large group never delays a small one.
@NullMarked
package chat.milena.topology.delivery;

import org.jspecify.annotations.NullMarked;
