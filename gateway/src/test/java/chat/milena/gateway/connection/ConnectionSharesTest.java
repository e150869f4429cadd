package chat.milena.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.inbound.Shares;
import chat.milena.schemas.key.UserKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ConnectionSharesTest {
    private static final UserKey ALICE = new UserKey("acme", "alice");
    private static final UserKey BOB = new UserKey("acme", "bob");
    private static final UserKey CAROL = new UserKey("acme", "carol");
    private static final UserKey OTHER_ALICE = new UserKey("shop", "alice");

    private final ConnectionShares shares = new ConnectionShares(2, 3);

    @Test
    void userHoldsSoManyAndOthersStillTheirs() {
        assertThat(shares.take(ALICE)).isTrue();
        assertThat(shares.take(ALICE)).isTrue();
        assertThat(shares.take(ALICE)).isFalse();

        assertThat(shares.take(BOB)).isTrue();
        assertThat(shares.take(OTHER_ALICE)).isTrue();
        shares.giveBack(ALICE);
        assertThat(shares.take(ALICE)).isTrue();
    }

    @Test
    void tenantHoldsSoManyAndARefusalTakesNothing() {
        shares.take(ALICE);
        shares.take(ALICE);
        shares.take(BOB);
        assertThat(shares.take(BOB)).isFalse();
        assertThat(shares.take(CAROL)).isFalse();
        assertThat(shares.take(OTHER_ALICE)).isTrue();

        shares.giveBack(ALICE);
        assertThat(shares.take(BOB)).isTrue();
        shares.giveBack(BOB);
        assertThat(shares.take(CAROL)).isTrue();
    }

    @Test
    void whoHoldsNothingIsForgottenHoweverManyThreads() throws Exception {
        Shares<String> many = new Shares<>(1_000);
        List<Future<?>> work = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 1_000; i++) {
                String holder = "h" + i % 7;
                work.add(threads.submit(() -> {
                    assertThat(many.take(holder)).isTrue();
                    many.giveBack(holder, 1);
                }));
            }
        }
        for (Future<?> done : work) {
            done.get();
        }

        assertThat(many.holders()).isZero();
    }
}
