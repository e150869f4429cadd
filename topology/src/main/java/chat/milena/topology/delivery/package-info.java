/// Recipients by shard, and the records for them: one for each shard.
@NullMarked
package chat.milena.topology.delivery;

import org.jspecify.annotations.NullMarked;
