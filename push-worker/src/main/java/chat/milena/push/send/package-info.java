/// Sends intents: asks who is connected and what is known, lets the policy decide, and writes one result for each.
@NullMarked
package chat.milena.push.send;

import org.jspecify.annotations.NullMarked;
