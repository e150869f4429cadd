package chat.milena.ephemeral.rate;

import chat.milena.runtime.limit.RateLimiter.Rate;
import java.time.Duration;

/// The rate of all users of a tenant: as deep as a second's worth. A small part may be spent in one moment, the
/// rest is spread.
///
/// Thousands of commands in one moment would be in the log before those of all other tenants, who would wait while
/// the sequencer handles them. Spread over their second, they let the others pass.
final class TenantRate {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /// So few delay nobody, and small tenants may have bursts.
    private static final int AT_ONCE_MIN = 100;

    private static final int OF_A_SECOND = 20;

    private TenantRate() {}

    static Rate perSecond(int tokens, String what) {
        return new Rate(tokens, SECOND, what, Math.min(tokens, Math.max(AT_ONCE_MIN, tokens / OF_A_SECOND)));
    }
}
