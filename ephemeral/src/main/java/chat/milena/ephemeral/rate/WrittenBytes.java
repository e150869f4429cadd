package chat.milena.ephemeral.rate;

import chat.milena.runtime.limit.RateLimiter;
import chat.milena.runtime.limit.RateLimiter.Rate;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/// How much users and tenants may have written to the log in a day, at this gateway. Safe for all threads; never
/// waits.
///
/// Holders are remembered for up to two days, so fewer of them than for the rates: if more users are active in a
/// day, those idle for longest get their allowance back early. The bound of the tenant holds nevertheless.
final class WrittenBytes {
    private static final Duration DAY = Duration.ofDays(1);
    private static final int USERS_MAX = 20_000;
    private static final int TENANTS_MAX = 2_000;
    private static final int KIBIBYTES = 1_024;

    private final RateLimiter<UserKey> users;
    private final RateLimiter<String> tenants;

    /// @param nanoTime a time that never goes back
    WrittenBytes(RateConfig config, LongSupplier nanoTime) {
        this.users = new RateLimiter<>(
                List.of(new Rate(config.written().mebibytesPerDay() * KIBIBYTES, DAY, "KiB written in a day")),
                USERS_MAX,
                nanoTime);
        this.tenants = new RateLimiter<>(
                List.of(new Rate(
                        config.written().tenantMebibytesPerDay() * KIBIBYTES,
                        DAY,
                        "KiB written in a day for all of the tenant")),
                TENANTS_MAX,
                nanoTime);
    }

    /// Adds to the charges what a command writes.
    void charge(Charges charges, Caller caller, InboundCommand command) {
        int kibibytes = CommandCost.kibibytes(command);
        if (!caller.unlimitedRate()) {
            charges.and(users, caller.user(), kibibytes);
        }
        charges.and(tenants, caller.user().tenant(), kibibytes);
    }

    /// Charges what the deliveries of an event have written, even if that makes a debt: it is known only
    /// afterwards.
    void delivered(Caller caller, Delivery delivery, int shards) {
        int kibibytes = delivery.getEvent() == null ? 0 : CommandCost.deliveredKibibytes(delivery, shards);
        if (kibibytes == 0) {
            return;
        }
        if (!caller.unlimitedRate()) {
            users.charge(caller.user(), kibibytes);
        }
        tenants.charge(caller.user().tenant(), kibibytes);
    }
}
