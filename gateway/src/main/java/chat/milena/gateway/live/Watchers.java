package chat.milena.gateway.live;

import chat.milena.ephemeral.presence.PresenceShard;
import chat.milena.ephemeral.presence.PresenceStore.Known;
import chat.milena.ephemeral.presence.ShardCounts;
import chat.milena.gateway.session.Connection;
import chat.milena.runtime.limit.Budget;
import chat.milena.schemas.key.UserKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The users that each connection watches and may see, and their last sent presence. Safe for all threads.
///
/// **Bounds.** The users of one connection, and in the budget those of a user, a tenant and all. Beyond them a
/// subscription is rejected.
final class Watchers {
    private final Map<Connection, Map<String, Watched>> byConnection = new HashMap<>();
    private final Map<UserKey, Set<Connection>> observers = new HashMap<>();
    private final ShardCounts shards = new ShardCounts();
    private final int watchedMax;
    private final Budget watched;
    private long partings;

    private static final class Watched {
        private boolean visible;
        private @Nullable Known last;
        /// Subscriptions to them that are not answered yet.
        private int asked;
        /// The number of the latest block between the two.
        private long parted;
        /// A subscription was answered with success.
        private boolean kept;
    }

    /// A subscription that is not answered yet, with the requested users. Ended once, by [#keep] or [#giveUp].
    static final class Asking {
        private final Connection connection;
        private final Map<String, Watched> people;

        private Asking(Connection connection, Map<String, Watched> people) {
            this.connection = connection;
            this.people = people;
        }

        Connection connection() {
            return connection;
        }

        List<String> userIds() {
            return List.copyOf(people.keySet());
        }
    }

    /// @param watchedMax users that one connection may watch
    /// @param watched users that all connections watch
    Watchers(int watchedMax, Budget watched) {
        this.watchedMax = watchedMax;
        this.watched = watched;
    }

    /// Users that one connection may watch.
    int watchedMax() {
        return watchedMax;
    }

    synchronized void opened(Connection connection) {
        byConnection.put(connection, Map.of());
    }

    synchronized void closed(Connection connection) {
        Map<String, Watched> people = byConnection.remove(connection);
        if (people != null) {
            people.forEach((userId, watched) -> hide(connection, userId, watched));
            watched.giveBack(connection.holder(), people.size());
        }
    }

    /// Watches these users too, as soon as it may see them.
    ///
    /// @return empty if there are too many in total, and nothing has changed
    synchronized Optional<Asking> add(Connection connection, Collection<String> userIds) {
        Map<String, Watched> people = byConnection.get(connection);
        if (people == null) {
            return Optional.of(new Asking(connection, Map.of()));
        }
        Set<String> asked = new LinkedHashSet<>(userIds);
        long fresh =
                asked.stream().filter(userId -> !people.containsKey(userId)).count();
        if (people.size() + fresh > watchedMax || !watched.take(connection.holder(), fresh)) {
            return Optional.empty();
        }
        Map<String, Watched> more = people.isEmpty() ? new LinkedHashMap<>() : people;
        Map<String, Watched> these = new LinkedHashMap<>();
        for (String userId : asked) {
            Watched watched = more.computeIfAbsent(userId, none -> new Watched());
            watched.asked++;
            these.put(userId, watched);
        }
        if (!more.isEmpty()) {
            byConnection.put(connection, more);
        }
        return Optional.of(new Asking(connection, these));
    }

    /// A subscription was answered.
    synchronized void keep(Asking asking) {
        asking.people.values().forEach(watched -> {
            watched.asked--;
            watched.kept = true;
        });
    }

    /// A subscription failed: users without another subscription are not watched.
    synchronized void giveUp(Asking asking) {
        Map<String, Watched> people = byConnection.getOrDefault(asking.connection, Map.of());
        asking.people.forEach((userId, watched) -> {
            watched.asked--;
            // Not a user who was removed and requested again since.
            if (watched.asked == 0 && !watched.kept && people.get(userId) == watched) {
                people.remove(userId);
                this.watched.giveBack(asking.connection.holder(), 1);
                hide(asking.connection, userId, watched);
            }
        });
    }

    synchronized void remove(Connection connection, Collection<String> userIds) {
        Map<String, Watched> people = byConnection.get(connection);
        if (people == null || people.isEmpty()) {
            return;
        }
        for (String userId : userIds) {
            Watched watched = people.remove(userId);
            if (watched != null) {
                this.watched.giveBack(connection.holder(), 1);
                hide(connection, userId, watched);
            }
        }
    }

    /// Lets a connection see the permitted ones among these users, if it still watches them, and none of the
    /// others.
    ///
    /// @param asked the partings when the permission was requested: it says nothing of a later block
    /// @return the users that it sees now
    synchronized List<UserKey> permit(
            Connection connection, Collection<String> among, Set<String> permitted, long asked) {
        Map<String, Watched> people = byConnection.getOrDefault(connection, Map.of());
        List<UserKey> seen = new ArrayList<>();
        for (String userId : among) {
            Watched watched = people.get(userId);
            if (watched != null && permitted.contains(userId) && watched.parted <= asked) {
                seen.add(key(connection, userId));
                show(connection, userId, watched);
            } else if (watched != null) {
                hide(connection, userId, watched);
            }
        }
        return seen;
    }

    /// One of the two has blocked the other: neither sees the other from now on.
    synchronized void part(UserKey one, UserKey other) {
        partings++;
        byConnection.forEach((connection, people) -> {
            part(connection, people, one, other);
            part(connection, people, other, one);
        });
    }

    private void part(Connection connection, Map<String, Watched> people, UserKey observer, UserKey user) {
        Watched watched = connection.user().equals(observer) ? people.get(user.userId()) : null;
        if (watched != null) {
            watched.parted = partings;
            hide(connection, user.userId(), watched);
        }
    }

    /// To be taken before permissions are requested.
    synchronized long partings() {
        return partings;
    }

    /// Notes that a connection is sent this presence.
    ///
    /// @return false if it may not see the user, has this state, or has a later one
    synchronized boolean isNews(Connection connection, Known known) {
        Watched watched =
                byConnection.getOrDefault(connection, Map.of()).get(known.user().userId());
        if (watched == null || !watched.visible) {
            return false;
        }
        Known last = watched.last;
        if (last != null && last.at() > known.at()) {
            return false;
        }
        watched.last = known;
        return last == null
                || last.status() != known.status()
                || !Objects.equals(last.deviceType(), known.deviceType());
    }

    /// The later one of this state and the last one that a connection got.
    synchronized Known latest(Connection connection, Known known) {
        Watched watched =
                byConnection.getOrDefault(connection, Map.of()).get(known.user().userId());
        Known last = watched == null || !watched.visible ? null : watched.last;
        return last != null && last.at() > known.at() ? last : known;
    }

    /// The store may be another one, with a clock of its own: its next states are later than all earlier ones.
    synchronized void forgetTimes() {
        byConnection
                .values()
                .forEach(people -> people.values().forEach(watched -> {
                    Known last = watched.last;
                    if (last != null) {
                        watched.last = new Known(last.user(), last.status(), last.seenMillis(), last.deviceType(), 0);
                    }
                }));
    }

    /// The connections that see this user.
    synchronized List<Connection> of(UserKey user) {
        return List.copyOf(observers.getOrDefault(user, Set.of()));
    }

    /// The users that a connection watches, seen or not.
    synchronized List<String> watchedBy(Connection connection) {
        return List.copyOf(byConnection.getOrDefault(connection, Map.of()).keySet());
    }

    /// The connections that watch any user.
    synchronized List<Connection> all() {
        List<Connection> all = new ArrayList<>();
        byConnection.forEach((connection, people) -> {
            if (!people.isEmpty()) {
                all.add(connection);
            }
        });
        return all;
    }

    /// The shards of the users whom any connection sees.
    synchronized Set<PresenceShard> shards() {
        return shards.used();
    }

    private void show(Connection connection, String userId, Watched watched) {
        if (!watched.visible) {
            watched.visible = true;
            UserKey user = key(connection, userId);
            Set<Connection> seeing = observers.get(user);
            if (seeing == null) {
                seeing = new HashSet<>();
                observers.put(user, seeing);
                shards.add(user);
            }
            seeing.add(connection);
        }
    }

    private void hide(Connection connection, String userId, Watched watched) {
        if (watched.visible) {
            watched.visible = false;
            watched.last = null;
            UserKey user = key(connection, userId);
            Set<Connection> seeing = observers.get(user);
            if (seeing != null && seeing.remove(connection) && seeing.isEmpty()) {
                observers.remove(user);
                shards.remove(user);
            }
        }
    }

    private static UserKey key(Connection connection, String userId) {
        return new UserKey(connection.user().tenant(), userId);
    }
}
