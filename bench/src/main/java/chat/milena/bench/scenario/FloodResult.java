package chat.milena.bench.scenario;

import chat.milena.bench.check.CheckReport;
import chat.milena.bench.report.Table;
import java.util.Map;

/// The counts of a flood.
///
/// @param refused sends refused for good, by error code; the retries of a polite flood are not counted
/// @param pending sends that had neither ack nor refusal when the wait for them ended
/// @param check over the frames of the flood's own users
public record FloodResult(
        int users,
        double seconds,
        long acked,
        Map<String, Long> refused,
        long pending,
        CheckReport check,
        Map<String, Long> notices) {

    public FloodResult {
        refused = Map.copyOf(refused);
        notices = Map.copyOf(notices);
    }

    @Override
    public String toString() {
        double over = Math.max(0.001, seconds);
        long refusals = refused.values().stream().mapToLong(Long::longValue).sum();
        return Table.count(users) + " users, " + Table.decimal(acked / over, 0) + " acked/s, "
                + Table.decimal(refusals / over, 0) + " refused/s " + refused + ", unanswered "
                + Table.count(pending) + ", contract broken "
                + Table.count(check.violations()) + " times, notices " + notices;
    }
}
