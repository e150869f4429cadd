/// Broken connections that go on where they were: positions as tokens, what was missed, and the switch to live frames.
@NullMarked
package chat.milena.gateway.resume;

import org.jspecify.annotations.NullMarked;
