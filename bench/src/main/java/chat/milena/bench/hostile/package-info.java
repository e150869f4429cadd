/// Floods by clients that mean harm, beside pairs that do not: what an attacker tries, and whether the others notice.
///
/// [Flood]s are data: what a connection writes, how it reads and when it leaves ([Script]). One [Swarm] runs any
/// of them on one thread; a [Bystander] tries to get in during the flood; [HostileLimits] decides, pure, whether
/// the server held.
@NullMarked
package chat.milena.bench.hostile;

import org.jspecify.annotations.NullMarked;
