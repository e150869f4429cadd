package chat.milena.gateway.rate;

import chat.milena.gateway.inbound.Caller;
import chat.milena.gateway.rate.Allowances.Allowed;
import chat.milena.gateway.rate.Allowances.Answer;
import chat.milena.gateway.rate.Allowances.Rate;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/// How many receipts a user may have appended, over all of their connections to this gateway. They have an allowance of
/// their own: whoever reads much may write as much as others. Safe for all threads; never waits.
public final class ReceiptRates implements CallerRates {
    private static final int USERS_MAX = 100_000;

    private final Allowances<UserKey> users;

    /// @param nanoTime a time that never goes back
    public ReceiptRates(RateConfig config, LongSupplier nanoTime) {
        this.users = new Allowances<>(
                List.of(new Rate(config.receiptsPerSecond(), Duration.ofSeconds(1), "receipts per second")),
                USERS_MAX,
                nanoTime);
    }

    @Override
    public Answer take(Caller caller) {
        return caller.unlimitedRate() ? new Allowed() : users.take(caller.user());
    }

    @Override
    public void giveBack(Caller caller) {
        if (!caller.unlimitedRate()) {
            users.giveBack(caller.user());
        }
    }
}
