/// Who a client is: signed tokens, checked and made.
@NullMarked
package chat.milena.runtime.token;

import org.jspecify.annotations.NullMarked;
