package chat.milena.gateway.live;

import chat.milena.ephemeral.presence.PresenceStore;
import chat.milena.ephemeral.presence.PresenceStore.Known;
import chat.milena.ephemeral.presence.PresenceStore.Typing;
import chat.milena.ephemeral.typing.TypingNow;
import chat.milena.ephemeral.typing.Typist;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionRegistry;
import chat.milena.protocol.frame.Presence;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.runtime.time.Ticker;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.key.UserKey;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Sends presence and typing to connections here. Safe for all threads; never blocks.
///
/// Presence comes by two paths: published and read. One lock is held while either is sent, and a state older than
/// the last one that a connection got is not sent. So the last frame about a user is the latest state.
final class PresenceRelay implements PresenceStore.Listener {
    private final ConnectionRegistry registry;
    private final Watchers watchers;
    private final TypingNow typing;
    private final Ticker ticker;

    PresenceRelay(ConnectionRegistry registry, Watchers watchers, TypingNow typing, Ticker ticker) {
        this.registry = registry;
        this.watchers = watchers;
        this.typing = typing;
        this.ticker = ticker;
    }

    @Override
    public synchronized void changed(Known known) {
        for (Connection observer : watchers.of(known.user())) {
            sendNews(observer, known);
        }
    }

    /// Sends a connection the presence of a user, unless it has it.
    synchronized void sendNews(Connection observer, Known known) {
        if (watchers.isNews(observer, known)) {
            observer.send(ServerFrames.presence(presence(observer, known)));
        }
    }

    /// Answers a subscription.
    synchronized void answer(Connection observer, @Nullable String id, List<Known> all) {
        all.forEach(known -> watchers.isNews(observer, known));
        observer.send(ServerFrames.presences(
                id,
                all.stream()
                        .map(known -> presence(observer, watchers.latest(observer, known)))
                        .toList()));
    }

    private Presence presence(Connection observer, Known known) {
        return new Presence(
                known.user().userId(),
                known.status(),
                known.seenMillis() > 0 ? known.seenMillis() : null,
                known.deviceType(),
                List.copyOf(typing.typingIn(known.user(), observer.user().userId())));
    }

    @Override
    public void profiled(User user) {
        UserKey watched = new UserKey(user.getTenant(), user.getUserId());
        List<Connection> observers = watchers.of(watched);
        if (observers.isEmpty()) {
            return;
        }
        ServerFrame frame = ServerFrames.watchedUserUpdated(user);
        for (Connection observer : observers) {
            // The user's own devices are notified by the log.
            if (!observer.user().equals(watched)) {
                observer.send(frame);
            }
        }
    }

    @Override
    public void typed(Typing news) {
        Typist typist = new Typist(news.user(), news.conversationId());
        if (!news.starts()) {
            sendTyping(typist, typing.stops(typist), false);
            return;
        }
        Set<String> here = new HashSet<>();
        for (String userId : news.recipients()) {
            boolean themselves = userId.equals(news.user().userId());
            if (!themselves && registry.of(new UserKey(news.user().tenant(), userId)).length > 0) {
                here.add(userId);
            }
        }
        if (!here.isEmpty() && typing.starts(typist, here, ticker.millis())) {
            sendTyping(typist, here, true);
        }
    }

    /// Ends typing without a repeated start.
    void endTyping() {
        for (TypingNow.Ended ended : typing.end(ticker.millis())) {
            sendTyping(ended.typist(), ended.recipients(), false);
        }
    }

    /// One of the two has blocked the other.
    void part(UserKey one, UserKey other) {
        typing.part(one, other).forEach(ended -> sendTyping(ended.typist(), ended.recipients(), false));
    }

    private void sendTyping(Typist typist, Collection<String> recipients, boolean isTyping) {
        if (recipients.isEmpty()) {
            return;
        }
        ServerFrame frame =
                ServerFrames.typing(typist.conversationId(), typist.user().userId(), isTyping);
        for (String userId : recipients) {
            for (Connection connection : registry.of(new UserKey(typist.user().tenant(), userId))) {
                connection.send(frame);
            }
        }
    }
}
