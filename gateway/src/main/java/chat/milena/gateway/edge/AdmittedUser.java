package chat.milena.gateway.edge;

import chat.milena.gateway.device.DeviceSessions;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.key.UserKey;
import org.jspecify.annotations.Nullable;

/// A user with a place here, whose shard is read until the place is returned.
///
/// @param shard of the user
/// @param connectionId of the connection or poll in this place
/// @param deviceId null for a client without one
/// @param session of the device, until the place is returned
/// @param giveBack returns the place; further calls do nothing
record AdmittedUser(
        VerifiedToken token,
        UserKey user,
        int shard,
        String connectionId,
        @Nullable String deviceId,
        DeviceSessions.Session session,
        Runnable giveBack) {
    /// A hint for proxies: users with the same one need the same part of the log.
    String route() {
        return "s" + shard;
    }
}
