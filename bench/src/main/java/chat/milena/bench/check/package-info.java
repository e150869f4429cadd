/// The delivery contract as a checker: fed with what every connection saw, it counts each way in which the contract
/// was broken. Pure: no clock, no socket, no logger.
@NullMarked
package chat.milena.bench.check;

import org.jspecify.annotations.NullMarked;
