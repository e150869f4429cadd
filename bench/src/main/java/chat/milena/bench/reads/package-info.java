/// The read side from outside: syncs and history pages, checked for what every ack promised and measured as loads are.
///
/// What an answer must hold is decided by pure rules ([PageRules], [SyncRules]); [ReadClient] asks, again where it is
/// refused; [AckVerifier] reads after every ack of a replay; [Fill], [History] and [Return] are the runs.
@NullMarked
package chat.milena.bench.reads;

import org.jspecify.annotations.NullMarked;
