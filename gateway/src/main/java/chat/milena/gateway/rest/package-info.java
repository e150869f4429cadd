/// The REST calls that write: conversations, groups and the fallback send.
@NullMarked
package chat.milena.gateway.rest;

import org.jspecify.annotations.NullMarked;
