package chat.milena.ephemeral.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.ephemeral.rate.RateConfig.Messages;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.limit.RateLimiter.Allowed;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.key.UserKey;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The thread that shares rates, over a store that comes and goes.
class SharedRatesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Caller ALICE = new Caller(new UserKey("default", "alice"), false);

    /// So that no more comes while a test runs.
    private static final RateConfig AN_HOURS_WORTH = RateConfig.UNLIMITED.with(new Messages(0, 30, 0));

    private final FakeRateStore store = new FakeRateStore(System::nanoTime);
    private final Readiness readiness = new Readiness();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final List<SharedRates> started = new ArrayList<>();

    @AfterEach
    void close() throws InterruptedException {
        for (SharedRates shared : started) {
            shared.close();
        }
    }

    private SharedRates shared(CommandRates rates) {
        SharedRates shared = SharedRates.over(store::open, rates, readiness, meters, System::nanoTime);
        started.add(shared);
        shared.start();
        return shared;
    }

    private static boolean takes(CommandRates rates) {
        return rates.take(ALICE, Commands.message()) instanceof Allowed;
    }

    @Test
    void whatIsSpentIsToldWithoutAskingAndAgainAfterTheStoreWasAway() {
        CommandRates rates = new CommandRates(AN_HOURS_WORTH, System::nanoTime);
        SharedRates shared = shared(rates);
        await().atMost(PATIENCE).until(shared::isShared);
        assertThat(readiness.describe()).isEqualTo("rates: ready");
        assertThat(takes(rates)).isTrue();
        await().atMost(PATIENCE).until(() -> store.messages.get() == 1);

        store.away = true;
        await().atMost(PATIENCE).until(() -> !shared.isShared());
        await().atMost(PATIENCE).until(() -> readiness.describe().startsWith("rates: each gateway counts alone"));
        assertThat(readiness.ready()).isTrue();
        assertThat(meters.get("milena.gateway.rates.shared").gauge().value()).isZero();
        assertThat(takes(rates)).isTrue();

        store.away = false;
        await().atMost(PATIENCE).until(shared::isShared);
        assertThat(takes(rates)).isTrue();
        await().atMost(PATIENCE).until(() -> store.messages.get() == 2);
        assertThat(store.opened).hasValueGreaterThan(1);
    }

    @Test
    void whatIsStillToBeToldIsToldAtTheEnd() throws InterruptedException {
        CommandRates rates = new CommandRates(AN_HOURS_WORTH, System::nanoTime);
        SharedRates shared = shared(rates);
        await().atMost(PATIENCE).until(shared::isShared);
        takes(rates);
        shared.close();

        assertThat(store.messages).hasValue(1);
        assertThat(readiness.describe()).isEmpty();
    }

    @Test
    void withoutLimitsNobodySpeaksWithTheStore() throws InterruptedException {
        CommandRates rates = new CommandRates(RateConfig.UNLIMITED, System::nanoTime);
        SharedRates shared = shared(rates);
        assertThat(takes(rates)).isTrue();
        shared.close();

        assertThat(store.calls).hasValue(0);
        assertThat(readiness.describe()).isEmpty();
    }
}
