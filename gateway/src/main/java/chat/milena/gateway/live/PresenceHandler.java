package chat.milena.gateway.live;

import chat.milena.ephemeral.presence.PresenceStore;
import chat.milena.ephemeral.presence.PresenceStore.Known;
import chat.milena.gateway.live.PeopleQuery.People;
import chat.milena.gateway.live.PeopleQuery.Refused;
import chat.milena.gateway.live.PeopleQuery.Unavailable;
import chat.milena.gateway.live.Watchers.Asking;
import chat.milena.gateway.session.Connection;
import chat.milena.protocol.frame.ClientFrame.PresenceSubscribe;
import chat.milena.protocol.frame.ClientFrame.PresenceUnsubscribe;
import chat.milena.protocol.frame.PresenceStatus;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.runtime.limit.Budget;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets connections watch users: `presence.subscribe`, `presence.unsubscribe`. Safe for all threads; never blocks.
///
/// First the query side says whom a connection may see, then the store returns their presence. A subscription that
/// is answered with an error does not count. **Overflow.** Beyond a number of requests in progress, in all, of a
/// tenant or of a user, the answer is `UNAVAILABLE`.
final class PresenceHandler {
    private static final Logger LOG = LoggerFactory.getLogger(PresenceHandler.class);
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);
    private static final Duration RETRY_LATER = Duration.ofSeconds(5);
    static final int QUESTIONS_MAX = 64;

    private final PeopleQuery query;
    private final Watchers watchers;
    private final PresenceRelay relay;
    private final PresenceThread store;
    private final Executor blocking;
    private final Budget places;

    /// @param blocking runs steps that may wait for the views
    /// @param places for requests in progress
    PresenceHandler(
            PeopleQuery query,
            Watchers watchers,
            PresenceRelay relay,
            PresenceThread store,
            Executor blocking,
            Budget places) {
        this.query = query;
        this.watchers = watchers;
        this.relay = relay;
        this.store = store;
        this.blocking = blocking;
        this.places = places;
    }

    /// A requested subscription.
    private record Asked(@Nullable String id, Asking asking) {
        Connection connection() {
            return asking.connection();
        }
    }

    void subscribe(Connection connection, PresenceSubscribe frame) {
        Optional<Asking> asking = watchers.add(connection, frame.userIds());
        if (asking.isEmpty()) {
            connection.send(ServerFrames.error(
                    frame.id(),
                    ErrorCode.TOO_LARGE,
                    "payload.userIds: must be at most " + watchers.watchedMax()
                            + " on a connection, including earlier ones"));
            return;
        }
        Asked asked = new Asked(frame.id(), asking.get());
        if (!store.isThere()) {
            unavailable(asked, "presence is paused", RETRY_LATER);
        } else if (!places.take(connection.holder(), 1)) {
            unavailable(asked, "too many presence requests in progress", RETRY_SOON);
        } else {
            blocking.execute(() -> answer(asked));
        }
    }

    void unsubscribe(Connection connection, PresenceUnsubscribe frame) {
        watchers.remove(connection, frame.userIds());
        if (frame.id() != null) {
            connection.send(ServerFrames.ok(frame.id()));
        }
    }

    private void answer(Asked asked) {
        PeopleQuery.Answer answer = new Unavailable(RETRY_SOON);
        long partings = watchers.partings();
        try {
            answer = query.sharing(asked.connection().user(), asked.asking().userIds());
        } catch (RuntimeException e) {
            LOG.error(
                    "A subscription of connection {} failed", asked.connection().connectionId(), e);
        } finally {
            places.giveBack(asked.connection().holder(), 1);
        }
        switch (answer) {
            case People(var permitted) -> {
                List<UserKey> seen =
                        watchers.permit(asked.connection(), asked.asking().userIds(), permitted, partings);
                store.offer(new Reading(asked, seen));
            }
            case Refused(var code, var reason) -> {
                watchers.giveUp(asked.asking());
                asked.connection().send(ServerFrames.error(asked.id(), code, reason));
            }
            case Unavailable(var retryAfter) -> unavailable(asked, "the views cannot be read now", retryAfter);
        }
    }

    private void unavailable(Asked asked, String reason, Duration retryAfter) {
        watchers.giveUp(asked.asking());
        asked.connection().send(ServerFrames.error(asked.id(), ErrorCode.UNAVAILABLE, reason, retryAfter));
    }

    /// Checks again whom a connection may see, and sends it the changes that it missed. Waits.
    ///
    /// @param presentOnly only users who are present: one who seems to be offline may not have been registered yet
    void review(Connection connection, boolean presentOnly) {
        List<String> userIds = watchers.watchedBy(connection);
        long partings = watchers.partings();
        if (!userIds.isEmpty()
                && store.isThere()
                && query.sharing(connection.user(), userIds) instanceof People(var permitted)) {
            List<UserKey> seen = watchers.permit(connection, userIds, permitted, partings);
            store.offer(new Reviewing(connection, seen, presentOnly));
        }
    }

    private final class Reading implements PresenceThread.Job {
        private final Asked asked;
        private final List<UserKey> seen;

        Reading(Asked asked, List<UserKey> seen) {
            this.asked = asked;
            this.seen = seen;
        }

        @Override
        public void run(PresenceStore from) {
            List<Known> known = from.read(seen);
            watchers.keep(asked.asking());
            relay.answer(asked.connection(), asked.id(), known);
        }

        @Override
        public void dropped() {
            unavailable(asked, "presence is paused", RETRY_LATER);
        }
    }

    private final class Reviewing implements PresenceThread.Job {
        private final Connection connection;
        private final List<UserKey> seen;
        private final boolean presentOnly;

        Reviewing(Connection connection, List<UserKey> seen, boolean presentOnly) {
            this.connection = connection;
            this.seen = seen;
            this.presentOnly = presentOnly;
        }

        @Override
        public void run(PresenceStore from) {
            for (Known known : from.read(seen)) {
                if (!presentOnly || known.status() != PresenceStatus.OFFLINE) {
                    relay.sendNews(connection, known);
                }
            }
        }

        @Override
        public void dropped() {
            // The next review sends it.
        }
    }
}
