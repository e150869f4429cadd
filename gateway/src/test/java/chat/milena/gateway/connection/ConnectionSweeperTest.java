package chat.milena.gateway.connection;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ConnectionSweeperTest {
    @Test
    void whateverEndsItIsReported() {
        Error expected = new AssertionError("expected by this test");
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        ConnectionRegistry registry = new ConnectionRegistry(new SimpleMeterRegistry());
        try (ConnectionSweeper sweeper = new ConnectionSweeper(registry, failing(expected), failures::add)) {
            sweeper.start();

            await().until(() -> failures.equals(List.of(expected)));
        }
    }

    private static Clock failing(Error error) {
        return new Clock() {
            @Override
            public Instant instant() {
                throw error;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
    }
}
