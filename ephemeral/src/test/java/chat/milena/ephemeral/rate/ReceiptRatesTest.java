package chat.milena.ephemeral.rate;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.ephemeral.rate.RateConfig.Receipts;
import chat.milena.runtime.limit.RateLimiter.Allowed;
import chat.milena.runtime.limit.RateLimiter.Refused;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.UserKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReceiptRatesTest {
    private static final Caller ALICE = caller("acme", "alice");
    private static final Caller BOB = caller("acme", "bob");
    private static final InboundCommand PLAIN = Commands.receipt(0);

    private final ReceiptRates rates = new ReceiptRates(RateConfig.UNLIMITED.with(new Receipts(50, 80)), () -> 0);

    private static Caller caller(String tenant, String userId) {
        return new Caller(new UserKey(tenant, userId), false);
    }

    private int taken(Caller caller, InboundCommand command) {
        int taken = 0;
        while (taken < 1_000 && rates.take(caller, command) instanceof Allowed) {
            taken++;
        }
        return taken;
    }

    @Test
    void usersOfOneTenantShareItsAllowanceAndOtherTenantsHaveTheirOwn() {
        assertThat(taken(ALICE, PLAIN)).isEqualTo(50);
        assertThat(taken(BOB, PLAIN)).isEqualTo(30);

        assertThat(rates.take(BOB, PLAIN))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.limit()).contains("tenant"));
        assertThat(taken(caller("shop", "alice"), PLAIN)).isEqualTo(50);
    }

    @Test
    void tenNamedMessagesCostAsMuchAsAReceipt() {
        assertThat(taken(ALICE, Commands.receipt(100))).isEqualTo(5);
        assertThat(taken(BOB, Commands.receipt(11))).isEqualTo(15);
    }

    @Test
    void whatIsRefusedOrNotAppendedCostsNothing() {
        taken(ALICE, Commands.receipt(10));
        assertThat(taken(BOB, Commands.receipt(100))).isEqualTo(3);

        rates.giveBack(ALICE, Commands.receipt(100));
        assertThat(taken(BOB, Commands.receipt(100))).isEqualTo(1);
        assertThat(taken(ALICE, PLAIN)).isZero();
    }

    @Test
    void whatCostsMoreThanASecondAllowsMayStillBeHad() {
        ReceiptRates narrow = new ReceiptRates(RateConfig.UNLIMITED.with(new Receipts(5, 3)), () -> 0);

        assertThat(narrow.take(ALICE, Commands.receipt(100))).isInstanceOf(Allowed.class);
        assertThat(narrow.take(BOB, PLAIN)).isInstanceOf(Refused.class);
        narrow.giveBack(ALICE, Commands.receipt(100));
        assertThat(List.of(narrow.take(BOB, PLAIN), narrow.take(BOB, PLAIN), narrow.take(BOB, PLAIN)))
                .allMatch(answer -> answer instanceof Allowed);
        assertThat(narrow.take(BOB, PLAIN)).isInstanceOf(Refused.class);
    }

    @Test
    void exemptBearersAreHeldToTheirTenantsRateAlone() {
        assertThat(taken(new Caller(ALICE.user(), true), Commands.receipt(100))).isEqualTo(8);
        assertThat(taken(ALICE, PLAIN)).isZero();
    }
}
