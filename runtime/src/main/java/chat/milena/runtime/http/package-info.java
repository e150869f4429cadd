/// HTTP as every service uses it: the listener with health and metrics, authenticated JSON calls, origins,
/// answers.
@NullMarked
package chat.milena.runtime.http;

import org.jspecify.annotations.NullMarked;
