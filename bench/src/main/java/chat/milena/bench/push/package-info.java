/// A load of messages to users who are connected and to users who are notified by push.
@NullMarked
package chat.milena.bench.push;

import org.jspecify.annotations.NullMarked;
