package chat.milena.gateway.rate;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.inbound.Caller;
import chat.milena.runtime.rate.Allowances.Allowed;
import chat.milena.runtime.rate.Allowances.Refused;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CommandRatesTest {
    private final CommandRates rates = new CommandRates(new RateConfig(10, 100, 15, 0, 0, 50, 0, 0), () -> 0);

    private static Caller caller(String tenant, String userId) {
        return new Caller(new UserKey(tenant, userId), false);
    }

    private int taken(Caller caller) {
        int taken = 0;
        while (taken < 1_000 && rates.take(caller) instanceof Allowed) {
            taken++;
        }
        return taken;
    }

    @Test
    void usersOfOneTenantShareItsAllowanceAndOtherTenantsHaveTheirOwn() {
        assertThat(taken(caller("acme", "alice"))).isEqualTo(10);
        assertThat(taken(caller("acme", "bob"))).isEqualTo(5);
        assertThat(taken(caller("acme", "carol"))).isZero();

        assertThat(taken(caller("shop", "alice"))).isEqualTo(10);
    }

    @Test
    void refusalForTheTenantCostsTheUserNothing() {
        taken(caller("acme", "alice"));
        taken(caller("acme", "bob"));

        assertThat(rates.take(caller("acme", "bob")))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.limit()).contains("tenant"));
        rates.giveBack(caller("acme", "alice"));
        assertThat(taken(caller("acme", "bob"))).isEqualTo(1);
    }

    @Test
    void burstOfATenantTakesTurnsAndNobodyElseNeedsOne() {
        CommandRates wide = new CommandRates(new RateConfig(0, 0, 4_000, 0, 0, 0, 0, 0), () -> 0);
        for (int i = 0; i < 200; i++) {
            assertThat(wide.take(caller("acme", "u" + i))).isEqualTo(new Allowed(Duration.ZERO));
        }

        assertThat(wide.take(caller("acme", "alice"))).isEqualTo(new Allowed(Duration.ofNanos(250_000)));
        assertThat(wide.take(new Caller(new UserKey("acme", "host"), true))).isEqualTo(new Allowed(Duration.ZERO));
        assertThat(wide.take(caller("shop", "alice"))).isEqualTo(new Allowed(Duration.ZERO));
    }

    @Test
    void exemptBearersAreNotCounted() {
        Caller importer = new Caller(new UserKey("acme", "alice"), true);

        assertThat(taken(importer)).isEqualTo(1_000);
        assertThat(taken(caller("acme", "alice"))).isEqualTo(10);
    }
}
