/// The views: read-only state stores over the canonical topics, and how far each of them has come.
@NullMarked
package chat.milena.topology.views;

import org.jspecify.annotations.NullMarked;
