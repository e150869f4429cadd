/// The `up` command: the data folder, the order of the start, and the messages to the user.
@NullMarked
package chat.milena.standalone.up;

import org.jspecify.annotations.NullMarked;
