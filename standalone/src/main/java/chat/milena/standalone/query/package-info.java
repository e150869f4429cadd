/// Questions of one service to another in the same process: services do not know each other.
@NullMarked
package chat.milena.standalone.query;

import org.jspecify.annotations.NullMarked;
