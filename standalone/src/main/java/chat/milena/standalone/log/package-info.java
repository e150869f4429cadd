/// How log lines look.
@NullMarked
package chat.milena.standalone.log;

import org.jspecify.annotations.NullMarked;
