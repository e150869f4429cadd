/// The one encoder of everything that clients see, JSON that is passed on unchanged, and the strict reader of
/// requests.
@NullMarked
package chat.milena.protocol.json;

import org.jspecify.annotations.NullMarked;
