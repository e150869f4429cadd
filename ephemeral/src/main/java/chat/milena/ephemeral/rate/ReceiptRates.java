package chat.milena.ephemeral.rate;

import chat.milena.runtime.limit.RateLimiter;
import chat.milena.runtime.limit.RateLimiter.Answer;
import chat.milena.runtime.limit.RateLimiter.Rate;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/// How many receipts users and tenants may have appended at this gateway, over all connections. Receipts have
/// their own allowances, so that reading does not limit writing. Safe for all threads; never waits.
///
/// The sequencer looks up each message that a receipt names, so they count ([CommandCost]), up to what a second
/// allows. Bytes of a day are counted separately from those of commands, for the same reason.
public final class ReceiptRates implements CallerRates {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int USERS_MAX = 100_000;
    private static final int TENANTS_MAX = 10_000;

    private final RateLimiter<UserKey> users;
    private final RateLimiter<String> tenants;
    private final WrittenBytes written;

    /// @param nanoTime a time that never goes back
    public ReceiptRates(RateConfig config, LongSupplier nanoTime) {
        this.users = new RateLimiter<>(
                List.of(new Rate(config.receipts().perSecond(), SECOND, "receipts per second")), USERS_MAX, nanoTime);
        this.tenants = new RateLimiter<>(
                List.of(TenantRate.perSecond(
                        config.receipts().tenantPerSecond(), "receipts per second for all of the tenant")),
                TENANTS_MAX,
                nanoTime);
        this.written = new WrittenBytes(config, nanoTime);
    }

    @Override
    public Answer take(Caller caller, InboundCommand command) {
        return charges(caller, command).take();
    }

    @Override
    public void giveBack(Caller caller, InboundCommand command) {
        charges(caller, command).giveBack();
    }

    private Charges charges(Caller caller, InboundCommand command) {
        int cost = CommandCost.commands(command);
        Charges charges = new Charges();
        if (!caller.unlimitedRate()) {
            charges.and(users, caller.user(), cost);
        }
        charges.and(tenants, caller.user().tenant(), cost);
        written.charge(charges, caller, command);
        return charges;
    }
}
