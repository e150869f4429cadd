/// What a process reports about itself: whether it can serve, and its meters.
@NullMarked
package chat.milena.runtime.observe;

import org.jspecify.annotations.NullMarked;
