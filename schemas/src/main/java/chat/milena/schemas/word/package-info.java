/// The words that are strings in records: kinds, roles, states and error codes.
///
/// They are strings on the wire, so that a new word breaks no old reader, and enums in the code, so that a
/// forgotten one breaks the build.
@NullMarked
package chat.milena.schemas.word;

import org.jspecify.annotations.NullMarked;
