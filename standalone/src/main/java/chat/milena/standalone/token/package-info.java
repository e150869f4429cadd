/// The `token` command.
@NullMarked
package chat.milena.standalone.token;

import org.jspecify.annotations.NullMarked;
