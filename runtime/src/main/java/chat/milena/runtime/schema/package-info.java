/// The ids of schemas: the calls of a registry that answer for the shipped ones, and the client of a registry outside.
@NullMarked
package chat.milena.runtime.schema;

import org.jspecify.annotations.NullMarked;
