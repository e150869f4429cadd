/// The reads of views and their answers: access, pages, missing numbers, unread counts, watermarks, and their
/// JSON.
///
/// Nothing here knows where a view is. [chat.milena.syncapi.read.ConversationReader] answers a read where its
/// conversation is; [chat.milena.syncapi.read.Reads] finds the place.
@NullMarked
package chat.milena.syncapi.read;

import org.jspecify.annotations.NullMarked;
