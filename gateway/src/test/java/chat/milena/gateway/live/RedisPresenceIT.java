package chat.milena.gateway.live;

import chat.milena.ephemeral.presence.PresenceStore;
import chat.milena.ephemeral.presence.PresenceTimes;
import chat.milena.ephemeral.presence.RedisStore;
import chat.milena.schemas.avro.User;
import chat.milena.testsupport.RedisServer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The real store.
class RedisPresenceIT extends PresenceStoreContract {
    private static final Duration SHORT = Duration.ofMillis(1);

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    @Override
    PresenceStore open() {
        PresenceTimes times =
                new PresenceTimes(SHORT, SHORT, Duration.ofMinutes(10), Duration.ofDays(1), Duration.ofMinutes(5));
        return RedisStore.open(REDIS.url(), Duration.ofSeconds(5), times, new Nobody());
    }

    /// Each test begins without users.
    @AfterEach
    void forget() throws IOException, InterruptedException {
        REDIS.kill();
        REDIS.start();
    }

    private static final class Nobody implements PresenceStore.Listener {
        @Override
        public void changed(PresenceStore.Known known) {}

        @Override
        public void typed(PresenceStore.Typing typing) {}

        @Override
        public void profiled(User user) {}
    }
}
