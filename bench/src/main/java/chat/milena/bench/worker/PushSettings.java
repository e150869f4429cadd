package chat.milena.bench.worker;

import chat.milena.bench.client.UsageFailure;
import java.time.Duration;

/// The settings of a load with push, beside those of every load.
///
/// @param users in pairs; the first of each pair writes to the second
/// @param rate messages a second of all pairs
/// @param awayPercent the part of the pairs whose second user is not connected
/// @param stall how long the push service does not answer
/// @param within how long to wait for pushes that are still missing
/// @param peerPort of the push service on this machine; 0 for a free one
record PushSettings(int users, double rate, int awayPercent, Duration stall, Duration within, int peerPort) {
    private static final int PERCENT = 100;

    PushSettings {
        if (users < 2 || users % 2 != 0) {
            throw new UsageFailure("--users must be an even number of at least 2");
        }
        if (!(rate > 0)) {
            throw new UsageFailure("--rate must be above 0");
        }
        if (away(users, awayPercent) < 1 || away(users, awayPercent) >= users / 2) {
            throw new UsageFailure("--away must leave pairs whose second user is connected, and others");
        }
        if (stall.isNegative() || stall.isZero() || within.isNegative()) {
            throw new UsageFailure("--stall must be above zero and --within not below");
        }
    }

    /// Pairs whose second user is not connected.
    int away() {
        return away(users, awayPercent);
    }

    /// Pairs whose second user is connected.
    int present() {
        return users / 2 - away();
    }

    double awayRate() {
        return rate * away() / (users / 2.0);
    }

    double presentRate() {
        return rate - awayRate();
    }

    private static int away(int users, int percent) {
        return (int) ((long) users / 2 * percent / PERCENT);
    }
}
