package chat.milena.gateway.edge;

import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.key.UserKey;

/// A user with a place here, whose shard is read until the place is returned.
///
/// @param shard of the user
/// @param giveBack returns the place; further calls do nothing
record AdmittedUser(VerifiedToken token, UserKey user, int shard, Runnable giveBack) {
    /// A hint for proxies: users with the same one need the same part of the log.
    String route() {
        return "s" + shard;
    }
}
