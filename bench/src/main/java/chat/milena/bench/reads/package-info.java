/// The read side from outside: syncs and history pages, checked against every ack and measured like loads.
///
/// Pure rules decide what an answer must contain ([PageRules], [SyncRules]). [ReadClient] sends reads and retries
/// refused ones. [AckVerifier] reads after every ack of a replay. [Fill], [History] and [Return] are the runs.
@NullMarked
package chat.milena.bench.reads;

import org.jspecify.annotations.NullMarked;
