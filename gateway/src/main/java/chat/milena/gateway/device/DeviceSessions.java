package chat.milena.gateway.device;

import chat.milena.gateway.delivery.LoggedDelivery;
import chat.milena.gateway.delivery.ShardFeed;
import chat.milena.protocol.call.DeviceRecords.Kept;
import chat.milena.runtime.token.InvalidTokenException;
import chat.milena.runtime.token.TokenKeysUnavailableException;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.avro.ChangedDevice;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The clients of devices at this gateway, connected or being admitted, and how a sign-out ends them. Safe for all
/// threads; bounded by the places of clients.
///
/// A crowd that comes back together asks the query side [#QUESTIONS_MAX] questions of each shard of users at the same
/// time, which share its barriers; the others wait for their turn, at most [#TURN_WITHIN]. A view that does not answer
/// holds up the users of its own shard alone.
///
/// No sign-out is missed: a client enters while its user's shard is read, and only then asks the query side. What was
/// committed before the question is in the answer, and what is committed later is delivered here.
public final class DeviceSessions implements ShardFeed {
    /// Before the id of a connection that has no device.
    private static final String CONNECTION = "~";

    /// Each takes one read of a store, so that many thousands are answered in a second.
    static final int QUESTIONS_MAX = 64;

    private static final Duration TURN_WITHIN = Duration.ofSeconds(10);

    private final DeviceQuery query;
    private final List<Semaphore> turns;
    private final Map<DeviceKey, Set<Session>> sessions = new ConcurrentHashMap<>();

    /// @param shards the number of shards of users
    public DeviceSessions(DeviceQuery query, int shards) {
        this.query = query;
        this.turns = Stream.generate(() -> new Semaphore(QUESTIONS_MAX, true))
                .limit(shards)
                .toList();
    }

    /// When a device was last signed out; null if it was not.
    ///
    /// @throws TokenKeysUnavailableException if that is not known now
    public @Nullable Instant signedOutAt(UserKey user, String deviceId) {
        Semaphore turn = turns.get(user.shard(turns.size()).shard());
        try {
            if (!turn.tryAcquire(TURN_WITHIN.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new TokenKeysUnavailableException("too many devices come at the same time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TokenKeysUnavailableException("interrupted");
        }
        try {
            return asked(user, deviceId);
        } finally {
            turn.release();
        }
    }

    private @Nullable Instant asked(UserKey user, String deviceId) {
        return switch (query.device(user, deviceId)) {
            case DeviceQuery.Found<Kept>(var kept) -> kept.signOut();
            case DeviceQuery.Refused<Kept> refused -> null;
            case DeviceQuery.Unavailable<Kept> away ->
                throw new TokenKeysUnavailableException("the state of the device is not known now");
        };
    }

    /// Adds a client whose user's shard is being read, and checks whether it may stay. Waits for the query side.
    ///
    /// @param deviceId null for a client without a device
    /// @throws InvalidTokenException if the device was signed out, and the token is not younger
    /// @throws TokenKeysUnavailableException if that is not known now
    public Session enter(VerifiedToken token, String connectionId, @Nullable String deviceId)
            throws InvalidTokenException {
        UserKey user = new UserKey(token.tenant(), token.userId());
        DeviceKey key = new DeviceKey(user, deviceId == null ? CONNECTION + connectionId : deviceId);
        Session session = new Session(key);
        sessions.compute(key, (same, before) -> {
            Set<Session> all = before == null ? ConcurrentHashMap.newKeySet() : before;
            all.add(session);
            return all;
        });
        try {
            Instant known = deviceId == null ? null : signedOutAt(user, deviceId);
            token.checkSignOut(known);
            session.admitted(known);
            return session;
        } catch (InvalidTokenException | RuntimeException e) {
            session.leave();
            throw e;
        }
    }

    @Override
    public void accept(LoggedDelivery logged) {
        ChangedDevice changed = logged.delivery().getDevice();
        if (changed == null || changed.getSignedOutAt() == null) {
            return;
        }
        for (String userId : logged.delivery().getRecipients()) {
            DeviceKey key = new DeviceKey(new UserKey(logged.delivery().getTenant(), userId), changed.getDeviceId());
            List<Session> here = new ArrayList<>(sessions.getOrDefault(key, Set.of()));
            here.forEach(session -> session.signedOut(changed.getSignedOutAt()));
        }
    }

    /// One client of a device. Safe for all threads.
    public final class Session {
        private final DeviceKey key;
        /// The last sign-out that the client is known to be later than.
        private Instant known = Instant.MIN;
        private boolean admitted;
        private @Nullable Instant signedOutAt;
        private boolean over;
        private @Nullable Runnable end;

        private Session(DeviceKey key) {
            this.key = key;
        }

        private synchronized void admitted(@Nullable Instant signOut) {
            admitted = true;
            if (signOut != null) {
                known = signOut;
            }
            over = signedOutAt != null && signedOutAt.isAfter(known);
        }

        private void signedOut(Instant at) {
            Runnable now = null;
            synchronized (this) {
                if (!admitted) {
                    // The answer that the client waits for says whether it is older.
                    signedOutAt = at;
                } else if (!over && at.isAfter(known)) {
                    over = true;
                    now = end;
                }
            }
            if (now != null) {
                now.run();
            }
        }

        /// Checks another token of the client.
        public synchronized void check(VerifiedToken token) throws InvalidTokenException {
            token.device(key.deviceId());
            token.checkSignOut(known.equals(Instant.MIN) ? null : known);
        }

        /// Sets what ends the client when its device is signed out. If it was already, that runs immediately.
        public void onSignOut(Runnable callback) {
            boolean now;
            synchronized (this) {
                end = callback;
                now = over;
            }
            if (now) {
                callback.run();
            }
        }

        /// The client is gone. Further calls do nothing.
        public void leave() {
            sessions.computeIfPresent(key, (same, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
        }
    }
}
