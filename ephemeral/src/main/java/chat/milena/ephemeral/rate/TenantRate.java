package chat.milena.ephemeral.rate;

import chat.milena.runtime.limit.RateLimiter.Rate;
import java.time.Duration;

/// The rate of all users of a tenant: as deep as a second's worth, of which a small part may be done in one moment and
/// the rest takes turns.
///
/// Thousands of commands in one moment would stand in the log ahead of all other tenants', who would wait for as long
/// as the sequencer needs for them. Spread over the second that their rate is meant for, they let the others pass.
final class TenantRate {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /// Nobody else notices so many, and small tenants may be lively.
    private static final int AT_ONCE_MIN = 100;

    private static final int OF_A_SECOND = 20;

    private TenantRate() {}

    static Rate perSecond(int tokens, String what) {
        return new Rate(tokens, SECOND, what, Math.min(tokens, Math.max(AT_ONCE_MIN, tokens / OF_A_SECOND)));
    }
}
