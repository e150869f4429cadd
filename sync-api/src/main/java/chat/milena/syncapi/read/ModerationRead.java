package chat.milena.syncapi.read;

import chat.milena.protocol.read.Bans;
import chat.milena.schemas.key.BanKey;
import chat.milena.schemas.key.UserKey;

/// A request about the moderation of a tenant, answered where the tenant's user `moderation` is. The call that
/// reads has decided who may know.
///
/// @param <T> the type of the answer
public sealed interface ModerationRead<T extends Record> extends Read.OfModeration<T> {
    /// The tenant.
    String tenant();

    @Override
    default UserKey user() {
        return UserKey.moderation(tenant());
    }

    /// The bans of a tenant that hold at a moment.
    ///
    /// @param after those behind this one
    /// @param nowMillis the moment
    record BansPage(BanKey after, int limit, long nowMillis) implements ModerationRead<Bans> {
        @Override
        public String tenant() {
            return after.tenant();
        }
    }

    /// Whether a user is banned at a moment, in the tenant or in a conversation.
    record BanOf(String tenant, String userId, String conversationId, long nowMillis)
            implements ModerationRead<IsBanned> {}

    /// The answer.
    record IsBanned(boolean banned) {}
}
