/// What a device is shown, or why it is not: pure decisions from what the query side knows.
@NullMarked
package chat.milena.push.policy;

import org.jspecify.annotations.NullMarked;
