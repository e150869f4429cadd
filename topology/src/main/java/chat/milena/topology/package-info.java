/// What must be so before the write side starts: its topics, the changelogs that state is restored from, and state that
/// fits how long messages are kept.
@NullMarked
package chat.milena.topology;

import org.jspecify.annotations.NullMarked;
