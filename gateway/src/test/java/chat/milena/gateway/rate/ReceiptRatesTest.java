package chat.milena.gateway.rate;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.inbound.Caller;
import chat.milena.runtime.rate.Allowances.Allowed;
import chat.milena.runtime.rate.Allowances.Refused;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.key.UserKey;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReceiptRatesTest {
    private static final Caller ALICE = caller("acme", "alice");
    private static final Caller BOB = caller("acme", "bob");
    private static final InboundCommand PLAIN = naming(0);

    private final ReceiptRates rates = new ReceiptRates(new RateConfig(0, 0, 0, 0, 0, 50, 80, 0), () -> 0);

    private static Caller caller(String tenant, String userId) {
        return new Caller(new UserKey(tenant, userId), false);
    }

    private static InboundCommand naming(int messages) {
        InboundCommand command = new InboundCommand();
        command.setReceipt(new MarkReceipt(
                1L, IntStream.range(0, messages).mapToObj(i -> "m" + i).toList()));
        return command;
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
        assertThat(taken(ALICE, naming(100))).isEqualTo(5);
        assertThat(taken(BOB, naming(11))).isEqualTo(15);
    }

    @Test
    void whatIsRefusedOrNotAppendedCostsNothing() {
        taken(ALICE, naming(10));
        assertThat(taken(BOB, naming(100))).isEqualTo(3);

        rates.giveBack(ALICE, naming(100));
        assertThat(taken(BOB, naming(100))).isEqualTo(1);
        assertThat(taken(ALICE, PLAIN)).isZero();
    }

    @Test
    void whatCostsMoreThanASecondAllowsMayStillBeHad() {
        ReceiptRates narrow = new ReceiptRates(new RateConfig(0, 0, 0, 0, 0, 5, 3, 0), () -> 0);

        assertThat(narrow.take(ALICE, naming(100))).isInstanceOf(Allowed.class);
        assertThat(narrow.take(BOB, PLAIN)).isInstanceOf(Refused.class);
        narrow.giveBack(ALICE, naming(100));
        assertThat(List.of(narrow.take(BOB, PLAIN), narrow.take(BOB, PLAIN), narrow.take(BOB, PLAIN)))
                .allMatch(answer -> answer instanceof Allowed);
        assertThat(narrow.take(BOB, PLAIN)).isInstanceOf(Refused.class);
    }

    @Test
    void exemptBearersAreNotCounted() {
        assertThat(taken(new Caller(ALICE.user(), true), naming(100))).isEqualTo(1_000);
        assertThat(taken(ALICE, PLAIN)).isEqualTo(50);
    }
}
