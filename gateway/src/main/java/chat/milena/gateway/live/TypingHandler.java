package chat.milena.gateway.live;

import chat.milena.ephemeral.presence.PresenceStore;
import chat.milena.ephemeral.presence.PresenceStore.Typing;
import chat.milena.ephemeral.typing.TypingThrottle;
import chat.milena.ephemeral.typing.Typist;
import chat.milena.gateway.live.PeopleQuery.People;
import chat.milena.gateway.live.PeopleQuery.Refused;
import chat.milena.gateway.live.PeopleQuery.Unavailable;
import chat.milena.gateway.session.Connection;
import chat.milena.protocol.frame.ClientFrame;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Holder;
import chat.milena.runtime.time.Ticker;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.word.ErrorCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends `typing.start` and `typing.stop` to the other members of a conversation. Safe for all threads; never
/// blocks.
///
/// The query side returns the members, which are cached for a short time; until then, frames of one user in one
/// conversation wait in order. **Overflow.** With too many requests in all, of a tenant or of a user, or too many
/// frames that wait for one, the answer is `UNAVAILABLE`.
final class TypingHandler {
    static final int QUESTIONS_MAX = 256;

    private static final Logger LOG = LoggerFactory.getLogger(TypingHandler.class);
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);

    /// As many as the allowance of one connection lets come in a burst.
    static final int WAITING_MAX = 50;

    private final PeopleQuery query;
    private final MemberCache members;
    private final TypingThrottle throttle;
    private final PresenceThread store;
    private final Executor blocking;
    private final Ticker ticker;
    private final Budget places;
    private final int membersMax;
    private final Map<Typist, Deque<Waiting>> asking = new HashMap<>();

    private record Waiting(Connection connection, ClientFrame.Typing frame) {}

    /// @param blocking runs steps that may wait for the views
    /// @param places for requests in progress
    /// @param membersMax members of a conversation above which typing is not sent
    TypingHandler(
            PeopleQuery query,
            MemberCache members,
            TypingThrottle throttle,
            PresenceThread store,
            Executor blocking,
            Ticker ticker,
            Budget places,
            int membersMax) {
        this.query = query;
        this.members = members;
        this.throttle = throttle;
        this.store = store;
        this.blocking = blocking;
        this.ticker = ticker;
        this.places = places;
        this.membersMax = membersMax;
    }

    void receive(Connection connection, ClientFrame.Typing frame) {
        Typist typist = new Typist(connection.user(), frame.conversationId());
        Set<String> known = null;
        boolean ask = false;
        boolean full = false;
        synchronized (asking) {
            Deque<Waiting> before = asking.get(typist);
            Optional<Set<String>> cached = before == null ? members.of(typist, ticker.millis()) : Optional.empty();
            if (cached.isPresent() && cached.get().contains(connection.user().userId())) {
                known = cached.get();
            } else if (before != null ? before.size() >= WAITING_MAX : !places.take(connection.holder(), 1)) {
                full = true;
            } else {
                ask = before == null;
                asking.computeIfAbsent(typist, none -> new ArrayDeque<>()).add(new Waiting(connection, frame));
            }
        }
        if (known != null) {
            accept(connection, frame, typist, known);
        } else if (full) {
            refuse(connection, frame, ErrorCode.UNAVAILABLE, "too many typing requests in progress");
        } else if (ask) {
            blocking.execute(() -> ask(typist));
        }
    }

    private void ask(Typist typist) {
        PeopleQuery.Answer answer = new Unavailable(RETRY_SOON);
        try {
            answer = answer(typist);
        } catch (RuntimeException e) {
            LOG.error("The members of a conversation cannot be read", e);
        } finally {
            for (Waiting next = next(typist); next != null; next = next(typist)) {
                answer(next, typist, answer);
            }
        }
    }

    private PeopleQuery.Answer answer(Typist typist) {
        ConversationKey conversation = typist.conversation();
        long changes = members.changes();
        PeopleQuery.Answer answer = query.typingAudience(typist.user(), conversation, membersMax + 1);
        if (answer instanceof People(var userIds) && userIds.size() <= membersMax) {
            members.keep(typist, userIds, changes, ticker.millis());
        }
        return answer;
    }

    private @Nullable Waiting next(Typist typist) {
        synchronized (asking) {
            Deque<Waiting> waiting = asking.get(typist);
            Waiting next = waiting == null ? null : waiting.poll();
            if (next == null) {
                asking.remove(typist);
                places.giveBack(Holder.of(typist.user()), 1);
            }
            return next;
        }
    }

    private void answer(Waiting waiting, Typist typist, PeopleQuery.Answer answer) {
        switch (answer) {
            case People(var userIds) -> accept(waiting.connection(), waiting.frame(), typist, userIds);
            case Refused(var code, var reason) -> refuse(waiting.connection(), waiting.frame(), code, reason);
            case Unavailable unavailable ->
                refuse(waiting.connection(), waiting.frame(), ErrorCode.UNAVAILABLE, "cannot be sent now");
        }
    }

    private void accept(Connection connection, ClientFrame.Typing frame, Typist typist, Set<String> userIds) {
        if (frame.id() != null) {
            connection.send(ServerFrames.ok(frame.id()));
        }
        long now = ticker.millis();
        boolean sends = frame.starts() ? throttle.starts(typist, now) : throttle.stops(typist, now);
        Set<String> others = new HashSet<>(userIds);
        others.remove(typist.user().userId());
        if (sends && userIds.size() <= membersMax && !others.isEmpty()) {
            store.offer(new Publishing(new Typing(typist.user(), typist.conversationId(), frame.starts(), others)));
        }
    }

    private static void refuse(Connection connection, ClientFrame.Typing frame, ErrorCode code, String reason) {
        boolean retry = code == ErrorCode.UNAVAILABLE;
        ServerFrame error = ServerFrames.error(frame.id(), code, reason, retry ? RETRY_SOON : null);
        connection.send(error);
    }

    private record Publishing(Typing typing) implements PresenceThread.Job {
        @Override
        public void run(PresenceStore store) {
            store.publish(typing);
        }

        @Override
        public void dropped() {
            // Typing is paused while Redis is away; it ends by itself where it was seen.
        }
    }
}
