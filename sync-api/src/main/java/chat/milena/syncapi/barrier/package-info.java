/// The read barrier: an answer holds everything that was committed before the question.
@NullMarked
package chat.milena.syncapi.barrier;

import org.jspecify.annotations.NullMarked;
