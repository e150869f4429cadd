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

/// How many commands users and tenants may have appended, by any call, and how many bytes these may write. The
/// limits of a tenant protect other tenants from its flood. Safe for all threads; never waits.
///
/// Every command that would be appended counts by its cost ([CommandCost]), including resent messages; a rejected
/// command costs nothing. For bearers of an exempting token only the limits of their tenant hold. What a user
/// spends at other gateways counts here once [SharedRates] has received it. A tenant has an allowance at each
/// gateway, and so do users for the bytes of a day.
public final class CommandRates implements CallerRates {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int USERS_MAX = 100_000;
    private static final int TENANTS_MAX = 10_000;

    /// Far more users than send anything between two reports.
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

    /// An event of a charged command has been delivered: charges what its deliveries wrote.
    ///
    /// @param delivery its delivery to the shard of the caller
    /// @param shards the number of shards
    public void delivered(Caller caller, Delivery delivery, int shards) {
        written.delivered(caller, delivery, shards);
    }

    /// The allowances of users here.
    RateLimiter<UserKey> users() {
        return users;
    }

    /// What users have spent here and other gateways do not know yet; collected while [SharedRates] shares it.
    Spending spending() {
        return spending;
    }
}
