/// One client of the public protocol: WebSocket connections over Netty that share one event loop, REST over the
/// JDK's client, and tokens signed like those of a host application.
///
/// [ChatClient] opens [Connection]s. Each passes what it reads to a [ConnectionListener] as [ServerFrame]s. The
/// client uses another implementation than the server on purpose: two ends that share a library share its
/// mistakes.
@NullMarked
package chat.milena.bench.client;

import org.jspecify.annotations.NullMarked;
