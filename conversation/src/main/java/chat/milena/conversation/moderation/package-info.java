/// What moderators decide, and what their decisions forbid.
@NullMarked
package chat.milena.conversation.moderation;

import org.jspecify.annotations.NullMarked;
