/// The delivery contract as a checker. Its input is all that every connection received. It counts each violation
/// of the contract. Pure: no clock, no socket, no logger.
@NullMarked
package chat.milena.bench.check;

import org.jspecify.annotations.NullMarked;
