package chat.milena.bench.faults;

import chat.milena.bench.client.UsageFailure;
import java.time.Duration;

/// The load beside a fault, and how long each part takes.
///
/// @param users who talk; a tenth of them is one large group, the others are groups of four
/// @param rate messages a second; a fifth of them is followed by an edit, a deletion, a reaction or a reply
/// @param warmup not measured
/// @param before measured before the fault
/// @param during how long a member is away
/// @param starts how long a process takes to start, or more
/// @param back how long one that has started takes until it does its part again: partitions move, copies catch up
/// @param after measured then
public record FaultSettings(
        int users,
        double rate,
        Duration warmup,
        Duration before,
        Duration during,
        Duration starts,
        Duration back,
        Duration after) {
    static final int GROUP = 4;
    private static final int USERS_MIN = 40;

    public FaultSettings {
        if (users < USERS_MIN || !(rate > 0)) {
            throw new UsageFailure("--users must be at least " + USERS_MIN + ", and --rate above 0");
        }
    }

    /// Members of the large group, and the least size of what counts as one.
    public int large() {
        return users / 10;
    }
}
