/// The calls that read, over HTTP and as plain Java: their routes, what they take, how they gather answers, and their
/// bounds. Bad input is answered here, before any view is asked.
@NullMarked
package chat.milena.syncapi.http;

import org.jspecify.annotations.NullMarked;
