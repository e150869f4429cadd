package chat.milena.syncapi.read;

import chat.milena.protocol.frame.SafetyFrames.PendingWarnings;
import chat.milena.protocol.read.Bans;
import chat.milena.protocol.read.ReportQueue.ReportedLine;
import chat.milena.protocol.read.ReportQueue.Surroundings;
import chat.milena.schemas.key.BanKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.ReportKey;
import chat.milena.schemas.key.UserKey;
import java.util.List;

/// A request about the moderation of a tenant, answered where the tenant's user `moderation` is, unless it is about
/// another user. The call that reads has decided who may know.
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

    /// The bans of a user that hold at a moment, in the tenant and in conversations.
    ///
    /// @param nowMillis the moment
    record BansOf(String tenant, String userId, long nowMillis) implements ModerationRead<Bans> {}

    /// A page of the messages of the queue in one state, oldest first.
    ///
    /// @param after those behind this one
    record ReportsPage(ReportKey after, int limit) implements ModerationRead<Reported> {
        @Override
        public String tenant() {
            return after.tenant();
        }
    }

    /// The answer.
    ///
    /// @param hasMore whether there are more behind them
    record Reported(List<Row> rows, boolean hasMore) {}

    /// A message in the queue.
    ///
    /// @param openedMillis its place
    /// @param line without what is shown of the conversation
    record Row(long sequenceNumber, long openedMillis, ReportedLine line) {}

    /// A message and the entries around it, as moderators see them.
    ///
    /// @param each maximum number of entries before it, and after it
    /// @param bytesMax of these entries, on each side
    record InContext(ConversationKey conversation, String userId, long sequenceNumber, int each, long bytesMax)
            implements Read.OfModerator<Surroundings> {}

    /// The warnings that a user is still to be shown.
    record WarningsOf(UserKey user) implements ModerationRead<PendingWarnings> {
        @Override
        public String tenant() {
            return user.tenant();
        }
    }
}
