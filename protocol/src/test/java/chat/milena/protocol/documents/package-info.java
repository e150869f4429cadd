/// Makes the documents of the protocol from its records, and holds them to what is committed.
@NullMarked
package chat.milena.protocol.documents;

import org.jspecify.annotations.NullMarked;
