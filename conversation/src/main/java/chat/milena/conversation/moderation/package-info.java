/// What protects people: bans, slow mode, and the queue of the moderators.
@NullMarked
package chat.milena.conversation.moderation;

import org.jspecify.annotations.NullMarked;
