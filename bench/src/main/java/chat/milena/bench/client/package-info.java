/// One client of the public protocol: WebSocket connections over Netty that share one event loop, REST over the
/// JDK's client, and tokens as a host application would sign them.
///
/// [ChatClient] opens [Connection]s; each hands what it reads to a [ConnectionListener] as [ServerFrame]s. The client
/// is built on another implementation than the server on purpose: two ends that share a library share its mistakes.
@NullMarked
package chat.milena.bench.client;

import org.jspecify.annotations.NullMarked;
