/// What a browser gets before it has a token: the chat page, information about the server, and the sign-in for
/// development.
@NullMarked
package chat.milena.gateway.web;

import org.jspecify.annotations.NullMarked;
