/// The sync API as a process of its own, and the operator's commands for its views.
@NullMarked
package chat.milena.standalone.sync;

import org.jspecify.annotations.NullMarked;
