/// The calls that read, over HTTP and as plain Java: their routes, parameters, answers and bounds. Bad input is
/// answered here, before any view is read.
@NullMarked
package chat.milena.syncapi.http;

import org.jspecify.annotations.NullMarked;
