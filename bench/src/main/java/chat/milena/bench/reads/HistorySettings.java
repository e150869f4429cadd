package chat.milena.bench.reads;

import chat.milena.bench.answer.PagePosition;
import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which pages to read of what, and how.
///
/// @param server where the conversation's end is asked
/// @param origins the instances that answer reads, asked in turn
/// @param userId who reads, a member
/// @param limit entries of a page
/// @param warmup at the start of each closed loop; checked, not measured
/// @param settle at the start of each rate; checked, not measured
/// @param duration measured time of each step
/// @param rates what is run after each closed loop; empty for nothing
/// @param search whether the highest rate that keeps the bound is searched
/// @param searchFrom where that begins; null for half of what the closed loop reached
/// @param bound the p99 that a held rate stays within
/// @param seed of random positions
/// @param serverPid a process on this machine whose processor time is reported too; null for none
public record HistorySettings(
        URI server,
        List<URI> origins,
        TokenSource tokens,
        String userId,
        String conversationId,
        List<PagePosition> positions,
        int readers,
        int limit,
        Duration warmup,
        Duration settle,
        Duration duration,
        List<Double> rates,
        boolean search,
        @Nullable Double searchFrom,
        Duration bound,
        Duration callPatience,
        int eventLoopThreads,
        long seed,
        @Nullable Long serverPid) {

    public HistorySettings {
        origins = List.copyOf(origins);
        positions = List.copyOf(positions);
        rates = List.copyOf(rates);
        if (readers < 1 || readers > 4096 || limit < 1 || limit > 200 || eventLoopThreads < 1) {
            throw new UsageFailure("--readers must be 1 to 4096, --limit 1 to 200 and --threads at least 1");
        }
        if (duration.isNegative() || duration.isZero() || warmup.isNegative() || settle.isNegative()) {
            throw new UsageFailure("--duration must be above zero, --warmup and --settle not below");
        }
        if (searchFrom != null && !(searchFrom > 0)) {
            throw new UsageFailure("--rate must be above 0");
        }
        if (rates.stream().anyMatch(rate -> !(rate > 0 && rate <= 1_000_000))) {
            throw new UsageFailure("a rate must be above 0 and at most 1,000,000 a second");
        }
    }
}
