package chat.milena.bench.hostile;

import chat.milena.bench.check.CheckReport;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.load.StepResult;
import chat.milena.bench.report.ServerMemory;
import chat.milena.bench.report.ServerVitals;
import chat.milena.bench.report.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The limits that a server must keep to pass. Pure.
///
/// @param p99Ratio the pairs' p99 beside a flood against alone
/// @param p99Floor the minimum of the p99 alone, since a ratio to a tiny value means little
/// @param failedMax the part of the pairs' messages that may be refused or late
/// @param letInMin the part of the new users who must be admitted
/// @param heapMarginBytes how much more heap than before, after a collection, counts as normal
/// @param residentMarginBytes the same for the whole process, whose buffer pools keep their largest size
/// @param socketsMargin the same for sockets
/// @param handlesMargin the same for all handles; a log that has grown holds more of them
public record HostileLimits(
        double p99Ratio,
        Duration p99Floor,
        double failedMax,
        double letInMin,
        long heapMarginBytes,
        long residentMarginBytes,
        int socketsMargin,
        int handlesMargin) {
    private static final int MIB = 1 << 20;

    public HostileLimits {
        if (!(p99Ratio >= 1)) {
            throw new UsageFailure("--ratio-max must be at least 1");
        }
        if (!(failedMax >= 0 && failedMax <= 1 && letInMin >= 0 && letInMin <= 1)) {
            throw new UsageFailure("--failed-max and --let-in-min must be 0 to 1");
        }
        if (heapMarginBytes < 0 || residentMarginBytes < 0 || socketsMargin < 0 || handlesMargin < 0) {
            throw new UsageFailure("margins must not be below 0");
        }
    }

    /// The p99 of a step as a multiple of the p99 alone, or of the floor.
    double ratio(StepResult step, StepResult alone) {
        return step.delivery().p99Ms() / Math.max(alone.delivery().p99Ms(), p99Floor.toNanos() / 1e6);
    }

    /// The first value that is still too high; null when all are normal.
    @Nullable
    String notBack(ServerVitals before, ServerVitals now) {
        if (now.sockets() > before.sockets() + socketsMargin) {
            return "sockets: " + now.sockets() + ", before " + before.sockets();
        }
        if (now.handles() > before.handles() + handlesMargin) {
            return "file handles: " + now.handles() + ", before " + before.handles();
        }
        ServerMemory memory = now.memory();
        ServerMemory memoryBefore = before.memory();
        if (memory == null || memoryBefore == null) {
            return null;
        }
        if (memory.heapBytes() > memoryBefore.heapBytes() + heapMarginBytes) {
            return "heap: " + memory.heapBytes() / MIB + " MiB, before " + memoryBefore.heapBytes() / MIB;
        }
        if (memory.residentBytes() > memoryBefore.residentBytes() + residentMarginBytes) {
            return "resident memory: " + memory.residentBytes() / MIB + " MiB, before "
                    + memoryBefore.residentBytes() / MIB;
        }
        return null;
    }

    /// The faults of one round; empty if the server passed.
    List<String> faults(HostileResult.Round round, StepResult alone) {
        List<String> faults = new ArrayList<>();
        if (!round.serverLives()) {
            return List.of(round.name() + ": the server died");
        }
        double ratio = ratio(round.pairs(), alone);
        if (ratio > p99Ratio) {
            faults.add(round.name() + ": the pairs' p99 was " + Table.decimal(ratio, 1) + " times that alone");
        }
        if (round.failedPart() > failedMax) {
            faults.add(round.name() + ": " + Table.decimal(100 * round.failedPart(), 1)
                    + " % of the pairs' messages were refused or not delivered in time");
        }
        HostileResult.Seen bystander = round.bystander();
        if (bystander.letIn() < bystander.tries() * letInMin) {
            faults.add(round.name() + ": new users got in " + bystander.letIn() + " times of " + bystander.tries());
        }
        return faults;
    }

    /// The faults in the contract of delivery.
    static List<String> faults(CheckReport check, long pending) {
        List<String> faults = new ArrayList<>();
        if (check.violations() > 0) {
            faults.add("the delivery contract was broken " + check.violations() + " times (lost " + check.lost()
                    + ", duplicated " + check.duplicated() + ")");
        }
        if (pending > 0) {
            faults.add(pending + " sends had no answer");
        }
        return faults;
    }
}
