package chat.milena.ephemeral.rate;

import chat.milena.runtime.limit.RateLimiter;
import chat.milena.runtime.limit.RateLimiter.Allowed;
import chat.milena.runtime.limit.RateLimiter.Answer;
import chat.milena.runtime.limit.RateLimiter.Rate;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/// How many commands a user may have appended, on whatever way they come in, and how many a tenant, so that one
/// tenant's flood leaves the others alone; and how much these may write. Safe for all threads; never waits.
///
/// Whatever would be appended counts, resent messages too, by what it costs ([CommandCost]); what is refused costs
/// nothing. Those who bear a token that exempts them are held to their tenant's allowances alone. What a user spends at
/// other gateways counts here too, once [SharedRates] has heard of it; a tenant has an allowance at each gateway, and
/// so has everybody for the bytes of a day.
public final class CommandRates implements CallerRates {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int USERS_MAX = 100_000;
    private static final int TENANTS_MAX = 10_000;

    /// Far more than send something while others are told.
    private static final int USERS_TOLD_MAX = 20_000;

    private final RateLimiter<UserKey> users;
    private final RateLimiter<String> tenants;
    private final WrittenBytes written;
    private final Spending spending;

    /// @param nanoTime a time that never goes back
    public CommandRates(RateConfig config, LongSupplier nanoTime) {
        this.users = new RateLimiter<>(
                List.of(
                        new Rate(config.messages().perSecond(), SECOND, "messages per second"),
                        new Rate(config.messages().perMinute(), MINUTE, "messages per minute")),
                USERS_MAX,
                nanoTime);
        this.tenants = new RateLimiter<>(
                List.of(TenantRate.perSecond(
                        config.messages().tenantPerSecond(), "messages per second for all of the tenant")),
                TENANTS_MAX,
                nanoTime);
        this.written = new WrittenBytes(config, nanoTime);
        this.spending = new Spending(USERS_TOLD_MAX, nanoTime);
    }

    @Override
    public Answer take(Caller caller, InboundCommand command) {
        Answer answer = charges(caller, command).take();
        if (answer instanceof Allowed && !caller.unlimitedRate()) {
            spending.add(caller.user(), CommandCost.commands(command));
        }
        return answer;
    }

    @Override
    public void giveBack(Caller caller, InboundCommand command) {
        charges(caller, command).giveBack();
        if (!caller.unlimitedRate()) {
            spending.add(caller.user(), -CommandCost.commands(command));
        }
    }

    private Charges charges(Caller caller, InboundCommand command) {
        int commands = CommandCost.commands(command);
        Charges charges = new Charges();
        if (!caller.unlimitedRate()) {
            charges.and(users, caller.user(), commands);
        }
        charges.and(tenants, caller.user().tenant(), commands);
        written.charge(charges, caller, command);
        return charges;
    }

    /// An event of a charged command has been delivered: what its deliveries wrote is known now.
    ///
    /// @param delivery its delivery to the shard of the caller
    /// @param shards how many there are
    public void delivered(Caller caller, Delivery delivery, int shards) {
        written.delivered(caller, delivery, shards);
    }

    /// What each user has here.
    RateLimiter<UserKey> users() {
        return users;
    }

    /// What users have spent that others are to be told of; gathered where [SharedRates] has it told.
    Spending spending() {
        return spending;
    }
}
