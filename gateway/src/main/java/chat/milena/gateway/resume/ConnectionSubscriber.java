package chat.milena.gateway.resume;

import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionRegistry;
import chat.milena.schemas.key.UserKey;

/// A connection that is registered when it is attached. Immutable.
public record ConnectionSubscriber(Connection connection, ConnectionRegistry registry) implements LiveSubscriber {
    @Override
    public UserKey user() {
        return connection.user();
    }

    @Override
    public void attached(long offset) {
        connection.liveFrom(offset);
        registry.add(connection);
    }
}
