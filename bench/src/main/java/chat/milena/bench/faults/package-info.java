/// Faults of a cluster under load, judged by the delivery contract: processes are killed, stopped and restarted while
/// people talk.
@NullMarked
package chat.milena.bench.faults;

import org.jspecify.annotations.NullMarked;
