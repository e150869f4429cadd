package chat.milena.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.FakeSocket;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.key.UserKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConnectionRegistryTest {
    private static final UserKey ALICE = new UserKey("default", "alice");
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ConnectionRegistry registry = new ConnectionRegistry(meters);
    private final Connection.Shared counters =
            new Connection.Shared(new FrameMeters(meters), new Budget(new Bounds(10, 10, Bounds.NONE, Bounds.NONE)));
    private final AtomicInteger lastId = new AtomicInteger();

    private Connection connection(UserKey user) {
        VerifiedToken verified = new VerifiedToken(user.tenant(), user.userId(), null, Instant.EPOCH.plusSeconds(60));
        TokenLife token = new TokenLife(Instant.EPOCH, 0, verified, Duration.ofSeconds(60));
        String id = "conn_" + lastId.incrementAndGet();
        return new Connection(id, token, new FakeSocket(), ConnectionConfig.DEFAULT, counters);
    }

    @Test
    void allDevicesOfAUserAreFoundUntilTheyGo() {
        Connection phone = connection(ALICE);
        Connection laptop = connection(ALICE);
        registry.add(phone);
        registry.add(laptop);
        assertThat(registry.of(ALICE)).containsExactly(phone, laptop);
        assertThat(registry.byId(phone.connectionId())).isSameAs(phone);

        assertThat(registry.remove(phone)).isTrue();
        assertThat(registry.remove(phone)).isFalse();

        assertThat(registry.of(ALICE)).containsExactly(laptop);
        assertThat(registry.byId(phone.connectionId())).isNull();
        registry.remove(laptop);
        assertThat(registry.of(ALICE)).isEmpty();
        assertThat(registry.size()).isZero();
    }

    @Test
    void connectionThatNeverCameToBeHereHoldsNothing() {
        Budget bytes = new Budget(Bounds.of(1_000_000, 100).withUser(1_000_000));
        OutboxBudget outboxes = new OutboxBudget(bytes);
        VerifiedToken verified = new VerifiedToken("default", "alice", null, Instant.EPOCH.plusSeconds(60));
        Connection connection = new Connection(
                "conn_x",
                new TokenLife(Instant.EPOCH, 0, verified, Duration.ofSeconds(60)),
                new FakeSocket(),
                ConnectionConfig.DEFAULT,
                new Connection.Shared(counters.frames(), counters.commands(), outboxes));
        connection.send(ServerFrames.ok("x".repeat(5_000)));
        assertThat(bytes.held()).isPositive();

        assertThat(registry.remove(connection)).isFalse();

        assertThat(bytes.held()).isZero();
        assertThat(bytes.holders()).isZero();
    }

    @Test
    void usersOfTwoTenantsAreTwoUsers() {
        registry.add(connection(ALICE));

        assertThat(registry.of(new UserKey("acme", "alice"))).isEmpty();
    }

    @Test
    void comingAndGoingFromManyThreadsLosesNobody() throws Exception {
        List<Connection> stay = new ArrayList<>();
        List<CompletableFuture<Void>> work = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 500; i++) {
                Connection stays = connection(ALICE);
                Connection goes = connection(ALICE);
                stay.add(stays);
                work.add(CompletableFuture.runAsync(
                        () -> {
                            registry.add(goes);
                            registry.add(stays);
                            registry.remove(goes);
                        },
                        threads));
            }
            CompletableFuture.allOf(work.toArray(CompletableFuture[]::new)).join();
        }

        assertThat(registry.of(ALICE)).containsExactlyInAnyOrderElementsOf(stay);
        assertThat(registry.size()).isEqualTo(stay.size());
    }
}
