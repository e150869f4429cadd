/// Token buckets: how often each of many holders may do something.
@NullMarked
package chat.milena.runtime.rate;

import org.jspecify.annotations.NullMarked;
