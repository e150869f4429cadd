package chat.milena.gateway.rate;

import chat.milena.runtime.rate.Allowances;
import chat.milena.gateway.inbound.Caller;
import chat.milena.runtime.rate.Allowances.Allowed;
import chat.milena.runtime.rate.Allowances.Answer;
import chat.milena.runtime.rate.Allowances.Rate;
import chat.milena.runtime.rate.Allowances.Refused;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/// How many commands a user may have appended, on whatever way they come in, and how many a tenant, so that one
/// tenant's flood leaves the others alone. Safe for all threads; never waits.
///
/// Whatever would be appended counts, resent messages too; what is refused costs nothing, and those who bear a token
/// that says so are not counted at all. What a user spends at other gateways counts here too, once [SharedRates] has
/// heard of it; a tenant has an allowance at each gateway.
public final class CommandRates implements CallerRates {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int USERS_MAX = 100_000;
    private static final int TENANTS_MAX = 10_000;

    /// Far more than send something while others are told.
    private static final int USERS_TOLD_MAX = 20_000;

    private final Allowances<UserKey> users;
    private final Allowances<String> tenants;
    private final Spending spending;

    /// @param nanoTime a time that never goes back
    public CommandRates(RateConfig config, LongSupplier nanoTime) {
        this.users = new Allowances<>(
                List.of(
                        new Rate(config.messagesPerSecond(), SECOND, "messages per second"),
                        new Rate(config.messagesPerMinute(), MINUTE, "messages per minute")),
                USERS_MAX,
                nanoTime);
        this.tenants = new Allowances<>(
                List.of(TenantRate.perSecond(
                        config.tenantMessagesPerSecond(), "messages per second for all of the tenant")),
                TENANTS_MAX,
                nanoTime);
        this.spending = new Spending(USERS_TOLD_MAX, nanoTime);
    }

    @Override
    public Answer take(Caller caller, InboundCommand command) {
        return take(caller);
    }

    /// Counts one command, if it may be appended; all cost the same.
    public Answer take(Caller caller) {
        if (caller.unlimitedRate()) {
            return Allowed.AT_ONCE;
        }
        UserKey user = caller.user();
        Answer ofUser = users.take(user);
        return switch (ofUser) {
            case Refused refused -> refused;
            // Of a user's rate all may go at once.
            case Allowed _ -> {
                Answer ofTenant = tenants.take(user.tenant());
                if (ofTenant instanceof Refused) {
                    users.giveBack(user);
                } else {
                    spending.add(user, 1);
                }
                yield ofTenant;
            }
        };
    }

    @Override
    public void giveBack(Caller caller, InboundCommand command) {
        giveBack(caller);
    }

    /// One could not be appended after all.
    public void giveBack(Caller caller) {
        if (!caller.unlimitedRate()) {
            users.giveBack(caller.user());
            tenants.giveBack(caller.user().tenant());
            spending.add(caller.user(), -1);
        }
    }

    /// What each user has here.
    Allowances<UserKey> users() {
        return users;
    }

    /// What users have spent that others are to be told of; gathered where [SharedRates] has it told.
    Spending spending() {
        return spending;
    }
}
