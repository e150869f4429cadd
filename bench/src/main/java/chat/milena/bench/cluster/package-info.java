/// A whole cluster on this machine: brokers, Redis and services, each a process of its own that can be killed, stopped
/// and started again. Knows them as commands only.
@NullMarked
package chat.milena.bench.cluster;

import org.jspecify.annotations.NullMarked;
