/// Floods by malicious clients beside well-behaved pairs: the actions of an attacker, and their effect on the
/// others.
///
/// [Flood]s are data: the bytes that a connection writes, how it reads and when it leaves ([Script]). One [Swarm]
/// runs any of them on one thread. A [Bystander] tries to connect during the flood. [HostileLimits], which is
/// pure, decides whether the server passed.
@NullMarked
package chat.milena.bench.hostile;

import org.jspecify.annotations.NullMarked;
