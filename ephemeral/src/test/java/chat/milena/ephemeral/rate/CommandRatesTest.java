package chat.milena.ephemeral.rate;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.ephemeral.rate.RateConfig.Messages;
import chat.milena.ephemeral.rate.RateConfig.Receipts;
import chat.milena.ephemeral.rate.RateConfig.Written;
import chat.milena.runtime.limit.RateLimiter.Allowed;
import chat.milena.runtime.limit.RateLimiter.Refused;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CommandRatesTest {
    private static final InboundCommand MESSAGE = Commands.message();

    /// Costs just one.
    private static final InboundCommand KIBIBYTE = Commands.message("");

    private final CommandRates rates = new CommandRates(
            RateConfig.UNLIMITED.with(new Messages(10, 100, 15)).with(new Receipts(50, 0)), () -> 0);

    private static Caller caller(String tenant, String userId) {
        return new Caller(new UserKey(tenant, userId), false);
    }

    private int taken(Caller caller) {
        return taken(rates, caller, MESSAGE);
    }

    private static int taken(CommandRates rates, Caller caller, InboundCommand command) {
        int taken = 0;
        while (taken < 10_000 && rates.take(caller, command) instanceof Allowed) {
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

        assertThat(rates.take(caller("acme", "bob"), MESSAGE))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.limit()).contains("tenant"));
        rates.giveBack(caller("acme", "alice"), MESSAGE);
        assertThat(taken(caller("acme", "bob"))).isEqualTo(1);
    }

    @Test
    void burstOfATenantTakesTurnsAndNobodyElseNeedsOne() {
        CommandRates wide = new CommandRates(RateConfig.UNLIMITED.with(new Messages(0, 0, 4_000)), () -> 0);
        for (int i = 0; i < 200; i++) {
            assertThat(wide.take(caller("acme", "u" + i), MESSAGE)).isEqualTo(new Allowed(Duration.ZERO));
        }

        assertThat(wide.take(caller("acme", "alice"), MESSAGE)).isEqualTo(new Allowed(Duration.ofNanos(250_000)));
        assertThat(wide.take(exempt("acme"), MESSAGE)).isEqualTo(new Allowed(Duration.ofNanos(500_000)));
        assertThat(wide.take(caller("shop", "alice"), MESSAGE)).isEqualTo(new Allowed(Duration.ZERO));
    }

    @Test
    void exemptBearersAreHeldToTheirTenantsRateAlone() {
        assertThat(taken(exempt("acme"))).isEqualTo(15);
        assertThat(rates.take(exempt("acme"), MESSAGE))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.limit()).contains("tenant"));
        assertThat(taken(caller("acme", "alice"))).isZero();
        assertThat(taken(exempt("shop"))).isEqualTo(15);
    }

    @Test
    void exemptBearersAreHeldToTheirTenantsBytesAlone() {
        CommandRates bytes = new CommandRates(bytes(1, 2), () -> 0);

        assertThat(taken(bytes, caller("acme", "alice"), KIBIBYTE)).isEqualTo(1_024);
        assertThat(taken(bytes, exempt("acme"), KIBIBYTE)).isEqualTo(1_024);
        assertThat(taken(bytes, caller("acme", "bob"), KIBIBYTE)).isZero();
    }

    @Test
    void tenPeopleThatAreNamedCostAsMuchAsAMessage() {
        CommandRates minute = new CommandRates(RateConfig.UNLIMITED.with(new Messages(10, 100, 0)), () -> 0);

        assertThat(taken(minute, caller("acme", "alice"), Commands.group(20))).isEqualTo(5);
        assertThat(taken(minute, caller("acme", "bob"), Commands.adding(11))).isEqualTo(5);
        assertThat(taken(minute, caller("acme", "carol"), Commands.group(2))).isEqualTo(10);
    }

    @Test
    void groupOfAThousandIsOneAMinute() {
        AtomicLong nanos = new AtomicLong();
        CommandRates minute = new CommandRates(RateConfig.UNLIMITED.with(new Messages(10, 100, 0)), nanos::get);
        InboundCommand large = Commands.group(999);

        int made = 0;
        for (int second = 0; second < 300; second++) {
            if (minute.take(caller("acme", "alice"), large) instanceof Allowed) {
                made++;
            }
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        }

        assertThat(made).isEqualTo(5);
    }

    @Test
    void floodOfGroupsFillsWhatADayAllowsAndNoMore() {
        AtomicLong nanos = new AtomicLong();
        CommandRates usual = new CommandRates(RateConfig.DEFAULT, nanos::get);
        InboundCommand large = Commands.group(999);

        long kibibytes = 0;
        for (int minute = 0; minute < 24 * 60; minute++) {
            if (usual.take(caller("acme", "alice"), large) instanceof Allowed) {
                kibibytes += CommandCost.kibibytes(large);
            }
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        }

        // A day's worth at first, and another that flows back.
        assertThat(kibibytes).isBetween(64L * 1_024, 2L * 64 * 1_024);
    }

    @Test
    void bytesOfADayFlowBackEvenly() {
        AtomicLong nanos = new AtomicLong();
        CommandRates bytes = new CommandRates(bytes(1, 0), nanos::get);
        Caller alice = caller("acme", "alice");
        assertThat(taken(bytes, alice, KIBIBYTE)).isEqualTo(1_024);
        assertThat(bytes.take(alice, KIBIBYTE)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.limit()).isEqualTo("1024 KiB written in a day");
            assertThat(refused.retryAfterSeconds()).isEqualTo(85);
        });

        nanos.addAndGet(Duration.ofSeconds(85).toNanos());
        assertThat(taken(bytes, alice, KIBIBYTE)).isEqualTo(1);
        nanos.addAndGet(Duration.ofHours(12).toNanos());
        assertThat(taken(bytes, alice, KIBIBYTE)).isEqualTo(512);
    }

    @Test
    void whatIsRefusedForBytesCostsNoCommandAndTheOtherWayRound() {
        CommandRates both = new CommandRates(
                RateConfig.UNLIMITED.with(new Messages(10, 0, 0)).with(new Written(1, 1)), () -> 0);
        Caller alice = caller("acme", "alice");
        InboundCommand half = Commands.message("x".repeat(512 * 1_024 / 3 - 400));
        assertThat(taken(both, alice, half)).isEqualTo(2);
        assertThat(both.take(alice, half)).isInstanceOf(Refused.class);

        both.giveBack(alice, half);
        assertThat(taken(both, alice, KIBIBYTE)).isEqualTo(9);
        assertThat(taken(both, caller("acme", "bob"), half)).isZero();
    }

    @Test
    void deliveriesToManyAreADebtOfTheDay() {
        AtomicLong nanos = new AtomicLong();
        CommandRates bytes = new CommandRates(bytes(1, 0), nanos::get);
        Caller alice = caller("acme", "alice");
        Delivery delivery = new Delivery();
        delivery.setTenant("acme");
        TimelineEvent event = new TimelineEvent();
        event.setActorId("alice");
        delivery.setEvent(event);
        delivery.setRecipients(Commands.people(16));

        Caller importer = new Caller(alice.user(), true);
        for (int i = 0; i < 50; i++) {
            bytes.delivered(importer, delivery, 64);
        }
        assertThat(bytes.take(alice, KIBIBYTE)).isInstanceOf(Allowed.class);

        for (int i = 0; i < 50; i++) {
            bytes.delivered(alice, delivery, 64);
        }
        assertThat(bytes.take(alice, KIBIBYTE)).isInstanceOf(Refused.class);
        nanos.addAndGet(Duration.ofDays(2).toNanos());
        assertThat(bytes.take(alice, KIBIBYTE)).isInstanceOf(Allowed.class);
    }

    private static Caller exempt(String tenant) {
        return new Caller(new UserKey(tenant, "importer"), true);
    }

    private static RateConfig bytes(int ofUser, int ofTenant) {
        return RateConfig.UNLIMITED.with(new Written(ofUser, ofTenant));
    }
}
