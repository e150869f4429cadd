/// Recipients by shard, and the records that reach them: one for each shard.
@NullMarked
package chat.milena.topology.delivery;

import org.jspecify.annotations.NullMarked;
