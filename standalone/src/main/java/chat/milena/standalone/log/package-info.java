/// The format of log lines.
@NullMarked
package chat.milena.standalone.log;

import org.jspecify.annotations.NullMarked;
