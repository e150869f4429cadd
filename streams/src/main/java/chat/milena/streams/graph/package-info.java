/// Parts that topologies are made of.
@NullMarked
package chat.milena.streams.graph;

import org.jspecify.annotations.NullMarked;
