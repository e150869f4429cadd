package chat.milena.gateway.live;

import chat.milena.ephemeral.presence.LocalUsers;
import chat.milena.ephemeral.presence.PresenceStore;
import chat.milena.ephemeral.presence.RedisStore;
import chat.milena.ephemeral.redis.RedisConfig;
import chat.milena.ephemeral.redis.StoreAwayException;
import chat.milena.ephemeral.typing.TypingNow;
import chat.milena.ephemeral.typing.TypingThrottle;
import chat.milena.ephemeral.typing.Typist;
import chat.milena.gateway.delivery.LoggedDelivery;
import chat.milena.gateway.delivery.ShardFeed;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionRegistry;
import chat.milena.protocol.frame.ClientFrame.Live;
import chat.milena.protocol.frame.ClientFrame.PresenceSet;
import chat.milena.protocol.frame.ClientFrame.PresenceSubscribe;
import chat.milena.protocol.frame.ClientFrame.PresenceUnsubscribe;
import chat.milena.protocol.frame.ClientFrame.Typing;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.time.Ticker;
import chat.milena.schemas.avro.ChangedBlock;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.EventKind;
import chat.milena.schemas.word.Word;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Presence and typing of one gateway: what its connections report, and what they receive about others. Safe for
/// all threads; only its own threads ever wait for Redis.
///
/// While Redis is away, nothing of it is sent, and messages are not affected. When it is back, all users here are
/// registered again, and all watchers get the changes that they missed.
public final class LivePresence implements LiveReceiver, ShardFeed {
    private static final int TYPISTS_MAX = 50_000;
    private static final int WATCHED_MAX = 1_000_000;
    private static final int USER_WATCHED_MAX = 5_000;
    /// Recipients of typing in the cache, of all typists.
    private static final int RECIPIENTS_CACHED_MAX = 1_000_000;

    private final LocalUsers users = new LocalUsers();
    private final Watchers watchers;
    private final MemberCache members;
    private final TypingThrottle throttle;
    private final TypingNow typingNow;
    private final PresenceRelay relay;
    private final PresenceThread thread;
    private final PresenceHandler presence;
    private final TypingHandler typing;
    private final PresenceReview review;

    /// The collaborators of presence.
    ///
    /// @param blocking runs steps that may wait for the views
    /// @param tenantSharePercent a tenant's share of the requests in progress
    public record Parts(
            ConnectionRegistry registry,
            PeopleQuery query,
            Executor blocking,
            int tenantSharePercent,
            Readiness readiness,
            MeterRegistry meters,
            Ticker ticker) {}

    private LivePresence(PresenceStore.Opener opener, PresenceConfig config, Parts parts) {
        watchers = new Watchers(
                config.watchedMax(),
                new Budget(Bounds.of(WATCHED_MAX, parts.tenantSharePercent()).withUser(USER_WATCHED_MAX)));
        members = new MemberCache(RECIPIENTS_CACHED_MAX / config.typingMembersMax());
        throttle = new TypingThrottle(TYPISTS_MAX, config.typingLife());
        typingNow = new TypingNow(TYPISTS_MAX, config.typingLife());
        relay = new PresenceRelay(parts.registry(), watchers, typingNow, parts.ticker());
        thread = new PresenceThread(
                opener, relay, users, watchers, config, parts.readiness(), parts.meters(), this::returned);
        int share = parts.tenantSharePercent();
        presence = new PresenceHandler(
                parts.query(),
                watchers,
                relay,
                thread,
                parts.blocking(),
                questions(PresenceHandler.QUESTIONS_MAX, share));
        typing = new TypingHandler(
                parts.query(),
                members,
                throttle,
                thread,
                parts.blocking(),
                parts.ticker(),
                questions(TypingHandler.QUESTIONS_MAX, share),
                config.typingMembersMax());
        review = new PresenceReview(watchers, presence, config.times().grace());
    }

    /// Requests in progress to the query side: a share of them for one tenant, an eighth for one user.
    private static Budget questions(int max, int tenantSharePercent) {
        return new Budget(Bounds.of(max, tenantSharePercent).withUser(Math.max(1, max / 8)));
    }

    /// Presence as configured; without a Redis it is paused permanently.
    public static LivePresence of(PresenceConfig config, Parts parts) {
        return over(opener(config), config, parts);
    }

    /// As above, with this store.
    static LivePresence over(PresenceStore.Opener opener, PresenceConfig config, Parts parts) {
        return new LivePresence(opener, config, parts);
    }

    private static PresenceStore.Opener opener(PresenceConfig config) {
        RedisConfig redis = config.redis();
        Secret secret = redis.url();
        if (secret == null) {
            return listener -> {
                throw new StoreAwayException("there is no Redis: MILENA_REDIS_URL is not set");
            };
        }
        URI url = URI.create(secret.value());
        return listener -> RedisStore.open(url, redis.timeout(), config.times(), listener);
    }

    /// Starts to work.
    public void start() {
        thread.start();
        review.start();
    }

    private void returned() {
        watchers.forgetTimes();
        review.soon();
    }

    @Override
    public void opened(Connection connection) {
        users.opened(connection.user(), connection.connectionId(), connection.deviceId());
        watchers.opened(connection);
    }

    @Override
    public void receive(Connection connection, Live frame) {
        switch (frame) {
            case Typing about -> typing.receive(connection, about);
            case PresenceSubscribe asked -> presence.subscribe(connection, asked);
            case PresenceUnsubscribe asked -> presence.unsubscribe(connection, asked);
            case PresenceSet(var id, var status, var deviceType) -> {
                users.set(connection.user(), connection.connectionId(), status, deviceType);
                if (id != null) {
                    connection.send(ServerFrames.ok(id));
                }
            }
        }
    }

    @Override
    public void closed(Connection connection) {
        users.closed(connection.user(), connection.connectionId());
        watchers.closed(connection);
    }

    @Override
    public Runnable present(UserKey user, String connectionId, @Nullable String deviceId) {
        users.opened(user, connectionId, deviceId);
        return () -> users.closed(user, connectionId);
    }

    /// Sends a profile to the watchers of its user, at all gateways; while Redis is away, to nobody.
    public void profiled(User user) {
        thread.offer(new PresenceThread.Job() {
            @Override
            public void run(PresenceStore store) {
                store.publish(user);
            }

            @Override
            public void dropped() {}
        });
    }

    /// A message ends the typing of its sender without a frame; changes of members count from their event on.
    @Override
    public void accept(LoggedDelivery logged) {
        Delivery delivery = logged.delivery();
        if (delivery.getBlock() != null) {
            blocked(delivery.getTenant(), delivery.getBlock());
        }
        if (delivery.getBan() != null) {
            members.forget(new UserKey(delivery.getTenant(), delivery.getBan().getUserId()));
        }
        TimelineEvent event = delivery.getEvent();
        if (event == null) {
            return;
        }
        EventKind kind = Word.parse(EventKind.class, event.getKind()).orElse(null);
        ConversationKey conversation = new ConversationKey(delivery.getTenant(), delivery.getConversationId());
        switch (kind) {
            case MESSAGE -> {
                Typist sender =
                        new Typist(new UserKey(delivery.getTenant(), event.getActorId()), delivery.getConversationId());
                throttle.said(sender);
                typingNow.stops(sender);
                members.joinedIn(conversation, event.getActorId());
            }
            case MEMBER_REMOVED -> {
                members.changed(conversation);
                typingNow.left(
                        conversation,
                        event.getParticipants().stream()
                                .map(Participant::getUserId)
                                .toList());
            }
            case MEMBER_ADDED, CONVERSATION_CREATED -> members.changed(conversation);
            case REACTION -> members.joinedIn(conversation, event.getActorId());
            case MESSAGE_EDITED,
                    MESSAGE_DELETED,
                    MESSAGE_RELEASED,
                    MESSAGE_PINNED,
                    CONVERSATION_UPDATED,
                    ROLE_CHANGED -> {}
            case null -> {}
        }
    }

    /// Neither sees the other from now on; once that ends, the next review shows them again.
    private void blocked(String tenant, ChangedBlock block) {
        UserKey user = new UserKey(tenant, block.getUserId());
        UserKey other = new UserKey(tenant, block.getBlockedId());
        members.forget(user);
        members.forget(other);
        if (block.getBlocked()) {
            watchers.part(user, other);
            relay.part(user, other);
        }
    }

    /// Reports the users who left, as far as that is possible immediately.
    public void close() throws InterruptedException {
        review.close();
        thread.close();
    }
}
