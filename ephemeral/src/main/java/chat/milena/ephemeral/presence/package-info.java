/// Presence: kept in one Redis by a script whose every run is one atomic step, and published by shard of the user.
///
/// [chat.milena.ephemeral.presence.LocalUsers] holds the connected users of this process and their changes;
/// [chat.milena.ephemeral.presence.PresenceStore] is the store that all processes share.
@NullMarked
package chat.milena.ephemeral.presence;

import org.jspecify.annotations.NullMarked;
