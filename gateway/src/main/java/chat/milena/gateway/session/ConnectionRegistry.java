package chat.milena.gateway.session;

import chat.milena.schemas.key.UserKey;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The connections of this gateway. Safe for all threads; bounded by the admitted connections.
public final class ConnectionRegistry {
    private static final Connection[] NONE = {};

    private final Map<String, Connection> byId = new ConcurrentHashMap<>();
    // Arrays are replaced, never changed: the dispatcher walks them without a lock or a copy.
    private final Map<UserKey, Connection[]> byUser = new ConcurrentHashMap<>();

    public ConnectionRegistry(MeterRegistry meters) {
        Gauge.builder("milena.gateway.connections", byId, Map::size)
                .description("Connections that got `connected`")
                .register(meters);
    }

    /// A connection whose user's shard is being read: from now on it gets deliveries.
    public void add(Connection connection) {
        byId.put(connection.connectionId(), connection);
        byUser.merge(connection.user(), new Connection[] {connection}, ConnectionRegistry::joined);
    }

    /// Unregisters a connection and closes its queues. No-op if it was never registered.
    ///
    /// @return false if it was not registered
    public boolean remove(Connection connection) {
        boolean removed = byId.remove(connection.connectionId(), connection);
        if (removed) {
            byUser.computeIfPresent(connection.user(), (user, all) -> without(all, connection));
        }
        connection.closed();
        return removed;
    }

    /// The connection of this id, if it is here.
    public @Nullable Connection byId(String connectionId) {
        return byId.get(connectionId);
    }

    /// All connections of a user, in the order in which they came. Not to be changed.
    public Connection[] of(UserKey user) {
        return byUser.getOrDefault(user, NONE);
    }

    /// All connections, as they come and go.
    public Collection<Connection> all() {
        return byId.values();
    }

    /// How many there are.
    public int size() {
        return byId.size();
    }

    private static Connection[] joined(Connection[] all, Connection[] added) {
        Connection[] joined = Arrays.copyOf(all, all.length + added.length);
        System.arraycopy(added, 0, joined, all.length, added.length);
        return joined;
    }

    private static Connection @Nullable [] without(Connection[] all, Connection gone) {
        Connection[] rest =
                Arrays.stream(all).filter(connection -> connection != gone).toArray(Connection[]::new);
        return rest.length == 0 ? null : rest;
    }
}
