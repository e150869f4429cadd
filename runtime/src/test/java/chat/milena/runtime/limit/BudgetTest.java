package chat.milena.runtime.limit;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.schemas.key.UserKey;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static final Holder ALICE = Holder.of(new UserKey("acme", "alice"));
    private static final Holder BOB = Holder.of(new UserKey("acme", "bob"));
    private static final Holder CAROL = Holder.of(new UserKey("acme", "carol"));
    private static final Holder OTHER_ALICE = Holder.of(new UserKey("shop", "alice"));

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

    private Budget budget(long all, long tenant, long user) {
        return new Budget(new Bounds(all, tenant, user, Bounds.NONE), nanos::get);
    }

    private static int takes(Budget budget, Holder holder) {
        int taken = 0;
        while (taken < 100 && budget.take(holder, 1)) {
            taken++;
        }
        return taken;
    }

    @Test
    void userHoldsItsBoundAndOthersStillTheirs() {
        Budget budget = budget(100, 100, 2);

        assertThat(takes(budget, ALICE)).isEqualTo(2);
        assertThat(takes(budget, BOB)).isEqualTo(2);
        assertThat(takes(budget, OTHER_ALICE)).isEqualTo(2);
        budget.giveBack(ALICE, 1);
        assertThat(takes(budget, ALICE)).isEqualTo(1);
    }

    @Test
    void tenantHoldsItsShareWhileThereIsAnother() {
        Budget budget = budget(10, 5, 4);

        assertThat(budget.take(OTHER_ALICE, 1)).isTrue();
        assertThat(takes(budget, ALICE)).isEqualTo(4);
        assertThat(takes(budget, BOB)).isEqualTo(1);
        assertThat(takes(budget, CAROL)).isZero();
        assertThat(takes(budget, OTHER_ALICE)).isEqualTo(3);
    }

    @Test
    void tenantThatIsAloneHoldsEverything() {
        Budget budget = budget(10, 5, 100);

        assertThat(takes(budget, ALICE)).isEqualTo(10);
    }

    @Test
    void tenantThatWasAloneMakesRoomForOneThatAsks() {
        Budget budget = budget(10, 5, 100);
        takes(budget, ALICE);

        assertThat(budget.take(OTHER_ALICE, 1)).isFalse();
        budget.giveBack(ALICE, 3);

        assertThat(budget.take(BOB, 1)).as("it holds more than its share").isFalse();
        assertThat(takes(budget, OTHER_ALICE)).isEqualTo(3);
        budget.giveBack(OTHER_ALICE, 3);
        budget.take(BOB, 1);
        nanos.addAndGet(Duration.ofMinutes(11).toNanos());
        assertThat(takes(budget, BOB)).as("alone again").isEqualTo(3);
    }

    @Test
    void addressHoldsItsBound() throws UnknownHostException {
        Budget budget = new Budget(new Bounds(100, 100, 100, 3), nanos::get);
        Holder stranger = Holder.of(ClientAddress.of(InetAddress.getByName("192.0.2.1")));

        assertThat(takes(budget, stranger)).isEqualTo(3);
        assertThat(takes(budget, Holder.of(ClientAddress.of(InetAddress.getByName("192.0.2.2")))))
                .isEqualTo(3);
    }

    @Test
    void customerOfIpv6IsOneAddress() throws UnknownHostException {
        ClientAddress one = ClientAddress.of(InetAddress.getByName("2001:db8:1:2::1"));

        assertThat(ClientAddress.of(InetAddress.getByName("2001:db8:1:2:ffff::9")))
                .isEqualTo(one);
        assertThat(ClientAddress.of(InetAddress.getByName("2001:db8:1:3::1"))).isNotEqualTo(one);
        assertThat(ClientAddress.of(InetAddress.getByName("::ffff:192.0.2.1")))
                .isEqualTo(ClientAddress.of(InetAddress.getByName("192.0.2.1")));
    }

    @Test
    void refusalTakesNothing() {
        Budget budget = budget(10, 4, 3);
        budget.take(OTHER_ALICE, 1);

        assertThat(budget.take(ALICE, 4)).isFalse();
        budget.take(BOB, 3);
        assertThat(budget.take(ALICE, 2)).isFalse();
        assertThat(budget.held()).isEqualTo(4);
        assertThat(budget.take(ALICE, 1)).isTrue();
    }

    @Test
    void takingNothingHoldsNothing() {
        Budget budget = budget(10, 4, 3);

        assertThat(budget.take(ALICE, 0)).isTrue();
        assertThat(budget.holders()).isZero();
    }

    @Test
    void freePartIsTheLesserOfTenantAndAll() {
        Budget budget = budget(100, 50, Bounds.NONE);
        budget.add(OTHER_ALICE, 10);
        budget.take(OTHER_ALICE, 1);
        budget.take(ALICE, 24);
        budget.add(ALICE, 1);

        assertThat(budget.free(ALICE)).isEqualTo(0.5);
        budget.add(ALICE, 100);
        assertThat(budget.free(ALICE)).isZero();
    }

    /// For any interleaving nothing is left when all is given back, and no bound is passed.
    @Test
    void holdersAreForgottenHoweverManyThreads() throws Exception {
        Budget budget = new Budget(new Bounds(40, 20, 7, 11));
        List<Future<?>> work = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int thread = 0; thread < 4; thread++) {
                SplittableRandom random = new SplittableRandom(thread);
                work.add(threads.submit(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        Holder holder = new Holder(
                                "t" + random.nextInt(3),
                                new UserKey("t", "u" + random.nextInt(9)),
                                new ClientAddress(InetAddress.ofLiteral("192.0.2." + random.nextInt(5))));
                        long amount = random.nextLong(1, 6);
                        if (budget.take(holder, amount)) {
                            budget.giveBack(holder, amount);
                        }
                    }
                }));
            }
        }
        for (Future<?> done : work) {
            done.get();
        }

        assertThat(budget.held()).isZero();
        assertThat(budget.holders()).isZero();
    }
}
