package chat.milena.gateway.rate;

import chat.milena.runtime.rate.Allowances;
import chat.milena.gateway.inbound.Caller;
import chat.milena.runtime.rate.Allowances.Allowed;
import chat.milena.runtime.rate.Allowances.Answer;
import chat.milena.runtime.rate.Allowances.Rate;
import chat.milena.runtime.rate.Allowances.Refused;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/// How many receipts a user may have appended, over all of their connections to this gateway, and how many a tenant.
/// They have an allowance of their own: whoever reads much may write as much as others. Safe for all threads; never
/// waits.
///
/// The sequencer looks up each message that a receipt names, so every ten of them cost as much as a receipt; at most
/// what a second allows.
public final class ReceiptRates implements CallerRates {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int USERS_MAX = 100_000;
    private static final int TENANTS_MAX = 10_000;
    private static final int MESSAGES_FOR_ONE = 10;

    private final Allowances<UserKey> users;
    private final Allowances<String> tenants;

    /// @param nanoTime a time that never goes back
    public ReceiptRates(RateConfig config, LongSupplier nanoTime) {
        this.users = new Allowances<>(
                List.of(new Rate(config.receiptsPerSecond(), SECOND, "receipts per second")), USERS_MAX, nanoTime);
        this.tenants = new Allowances<>(
                List.of(TenantRate.perSecond(
                        config.tenantReceiptsPerSecond(), "receipts per second for all of the tenant")),
                TENANTS_MAX,
                nanoTime);
    }

    @Override
    public Answer take(Caller caller, InboundCommand command) {
        if (caller.unlimitedRate()) {
            return Allowed.AT_ONCE;
        }
        UserKey user = caller.user();
        int cost = cost(command);
        return switch (users.take(user, cost)) {
            case Refused refused -> refused;
            // Of a user's rate all may go at once.
            case Allowed _ -> {
                Answer ofTenant = tenants.take(user.tenant(), cost);
                if (ofTenant instanceof Refused) {
                    users.giveBack(user, cost);
                }
                yield ofTenant;
            }
        };
    }

    @Override
    public void giveBack(Caller caller, InboundCommand command) {
        if (!caller.unlimitedRate()) {
            int cost = cost(command);
            users.giveBack(caller.user(), cost);
            tenants.giveBack(caller.user().tenant(), cost);
        }
    }

    private static int cost(InboundCommand command) {
        MarkReceipt receipt = command.getReceipt();
        int named = receipt == null ? 0 : receipt.getMessageIds().size();
        return Math.max(1, Math.ceilDiv(named, MESSAGES_FOR_ONE));
    }
}
