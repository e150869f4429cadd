/// Fakes and fixtures of this module's tests.
@NullMarked
package chat.milena.syncapi;

import org.jspecify.annotations.NullMarked;
