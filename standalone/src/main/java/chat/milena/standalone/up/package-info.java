/// The `up` command: the data folder, what is started in which order, and what the user is told.
@NullMarked
package chat.milena.standalone.up;

import org.jspecify.annotations.NullMarked;
