/// What the tests of all topologies share.
@NullMarked
package chat.milena.topology;

import org.jspecify.annotations.NullMarked;
