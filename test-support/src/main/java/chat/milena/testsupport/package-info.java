/// What tests of several modules need. Nothing that runs depends on it.
@NullMarked
package chat.milena.testsupport;

import org.jspecify.annotations.NullMarked;
