package chat.milena.gateway.live;

import chat.milena.gateway.session.ClientSocket;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.gateway.session.FrameMeters;
import chat.milena.gateway.session.TokenLife;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.testsupport.MovableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Connections whose clients read at once, and what each of them was sent.
final class Devices {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MovableClock clock;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Connection, Queue<String>> written = new ConcurrentHashMap<>();

    Devices(MovableClock clock) {
        this.clock = clock;
    }

    /// A connection of a user of the default tenant.
    Connection of(String userId) {
        VerifiedToken token =
                new VerifiedToken("default", userId, null, clock.instant().plusSeconds(3_600), false);
        Queue<String> frames = new ConcurrentLinkedQueue<>();
        Connection connection = new Connection(
                "conn_" + numbers.incrementAndGet(),
                new TokenLife(clock.instant(), clock.passedMillis(), token, Duration.ofSeconds(60)),
                new Reading(frames),
                ConnectionConfig.DEFAULT,
                new Connection.Shared(
                        new FrameMeters(meters), new Budget(new Bounds(100, 100, Bounds.NONE, Bounds.NONE))));
        connection.open();
        written.put(connection, frames);
        return connection;
    }

    /// All that a connection was sent, oldest first.
    List<String> sentTo(Connection connection) {
        return List.copyOf(written.getOrDefault(connection, new ConcurrentLinkedQueue<>()));
    }

    private record Reading(Queue<String> frames) implements ClientSocket {
        @Override
        public void execute(Runnable task) {
            synchronized (this) {
                task.run();
            }
        }

        @Override
        public void executeBurst(Runnable burst) {
            execute(burst);
        }

        @Override
        public void write(List<ByteBuffer> burst, Runnable flushed) {
            burst.forEach(
                    frame -> frames.add(StandardCharsets.UTF_8.decode(frame).toString()));
            flushed.run();
        }

        @Override
        public void pong(ByteBuffer payload, Runnable flushed) {}

        @Override
        public void close(CloseCode code) {}

        @Override
        public void cutSoon() {}
    }
}
