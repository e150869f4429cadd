/// Loads of what works beside messages: notifications by push, and moderation by rules.
@NullMarked
package chat.milena.bench.worker;

import org.jspecify.annotations.NullMarked;
