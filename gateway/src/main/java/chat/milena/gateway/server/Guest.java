package chat.milena.gateway.server;

import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.key.UserKey;

/// Whoever was admitted: their shard is read until their place is given back.
///
/// @param giveBack gives it back; further calls do nothing
record Guest(VerifiedToken token, UserKey user, Runnable giveBack) {}
