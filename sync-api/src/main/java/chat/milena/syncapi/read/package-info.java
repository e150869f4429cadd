/// What reads ask of the views, and how they are answered: who may see what, pages, what is missing in them, unread
/// counts, watermarks, and the JSON of all that.
///
/// Nothing here knows where a view lives. [chat.milena.syncapi.read.ConversationReader] answers a read where its
/// conversation lives; [chat.milena.syncapi.read.Reads] finds the place.
@NullMarked
package chat.milena.syncapi.read;

import org.jspecify.annotations.NullMarked;
