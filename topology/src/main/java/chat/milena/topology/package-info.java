/// The steps before the write side starts: its topics, the changelogs of its state, and state that matches the
/// retention of messages.
@NullMarked
package chat.milena.topology;

import org.jspecify.annotations.NullMarked;
