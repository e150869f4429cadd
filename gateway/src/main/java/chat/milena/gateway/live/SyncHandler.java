package chat.milena.gateway.live;

import chat.milena.gateway.live.SyncQuery.Refused;
import chat.milena.gateway.live.SyncQuery.Result;
import chat.milena.gateway.live.SyncQuery.Unavailable;
import chat.milena.gateway.session.Connection;
import chat.milena.protocol.frame.ClientFrame.Sync;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.RateLimiter;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers the frame `sync`, one at a time for a connection. Safe for all threads.
///
/// An answer is made to fit into the outbox of the connection; the rest comes with the next sync. Only an outbox
/// that an operator made too small for the ids of all conversations of a sync rejects one.
public final class SyncHandler {
    private static final Logger LOG = LoggerFactory.getLogger(SyncHandler.class);
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);
    /// The rest of the frame around the answer: its type, and an escaped id.
    private static final int FRAME_BYTES = 1_024;
    private static final int BYTES_A_SYNC = 256 * 1024;

    private final SyncQuery query;
    private final Executor blocking;
    private final Budget places;
    private final RateLimiter<UserKey> rates;

    /// @param blocking runs steps that may wait for the views
    /// @param places for syncs in progress; beyond them the answer is `UNAVAILABLE`
    /// @param rates how often a user may sync by frames; a long answer counts once more for each 256 KiB
    public SyncHandler(SyncQuery query, Executor blocking, Budget places, RateLimiter<UserKey> rates) {
        this.query = query;
        this.blocking = blocking;
        this.places = places;
        this.rates = rates;
    }

    /// Answers as soon as possible.
    ///
    /// @return false if another sync of this connection is in progress, or the rate of its user is used up; then
    /// it is not answered here
    boolean answers(Connection connection, Sync sync) {
        if (rates.take(connection.user()) instanceof RateLimiter.Refused || !connection.beginSync()) {
            return false;
        }
        if (!places.take(connection.holder(), 1)) {
            connection.endSync();
            connection.send(unavailable(sync, "too many syncs in progress", RETRY_SOON));
            return true;
        }
        blocking.execute(() -> {
            ServerFrame answer = unavailable(sync, "internal error", RETRY_SOON);
            try {
                answer = answer(connection, sync);
            } catch (RuntimeException e) {
                LOG.error("A sync of connection {} failed", connection.connectionId(), e);
            } finally {
                // Before the answer: a client that has read it may sync again.
                places.giveBack(connection.holder(), 1);
                connection.endSync();
                rates.charge(connection.user(), answer.bytes() / BYTES_A_SYNC);
                connection.send(answer);
            }
        });
        return true;
    }

    private ServerFrame answer(Connection connection, Sync sync) {
        return switch (query.answer(connection.user(), sync.body(), connection.outboxBound() - FRAME_BYTES)) {
            case Result(var result) -> fitting(connection, sync, ServerFrames.syncResult(sync.id(), result));
            case Refused(var code, var reason) -> ServerFrames.error(sync.id(), code, reason);
            case Unavailable(var reason, var retryAfter) -> unavailable(sync, reason, retryAfter);
        };
    }

    private static ServerFrame fitting(Connection connection, Sync sync, ServerFrame result) {
        if (result.bytes() > connection.outboxBytesMax()) {
            return tooLarge(sync);
        }
        return result.bytes() <= connection.outboxBound()
                ? result
                : unavailable(sync, "too many unread answers", RETRY_SOON);
    }

    private static ServerFrame tooLarge(Sync sync) {
        return ServerFrames.error(
                sync.id(),
                ErrorCode.TOO_LARGE,
                "the answer is larger than a frame may be: name fewer conversations, or use POST /api/v1/sync");
    }

    private static ServerFrame unavailable(Sync sync, String reason, Duration retryAfter) {
        return ServerFrames.error(sync.id(), ErrorCode.UNAVAILABLE, reason, retryAfter);
    }
}
