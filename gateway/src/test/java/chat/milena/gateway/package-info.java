/// What several tests of this module stand on.
@NullMarked
package chat.milena.gateway;

import org.jspecify.annotations.NullMarked;
