/// The read barrier: an answer includes everything that was committed before the request.
@NullMarked
package chat.milena.syncapi.barrier;

import org.jspecify.annotations.NullMarked;
