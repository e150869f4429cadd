/// How soon messages that break a rule are removed, and which ones.
@NullMarked
package chat.milena.bench.moderation;

import org.jspecify.annotations.NullMarked;
