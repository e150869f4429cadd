/// The push application of Kafka Streams: deliveries, registrations and results in, intents out.
///
/// [chat.milena.push.topology.PushProcessor] loads and saves; the rules are in [chat.milena.push.pending].
@NullMarked
package chat.milena.push.topology;

import org.jspecify.annotations.NullMarked;
