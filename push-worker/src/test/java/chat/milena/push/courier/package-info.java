@NullMarked
package chat.milena.push.courier;

import org.jspecify.annotations.NullMarked;
