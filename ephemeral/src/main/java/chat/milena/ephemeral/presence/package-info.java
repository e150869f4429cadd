/// Who is connected, and how: kept in one Redis by a script whose every run is one step, and published by shard of the
/// user.
///
/// [chat.milena.ephemeral.presence.LocalUsers] notes who is connected here and has changed;
/// [chat.milena.ephemeral.presence.PresenceStore] is the store that all processes share.
@NullMarked
package chat.milena.ephemeral.presence;

import org.jspecify.annotations.NullMarked;
