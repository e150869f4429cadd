package chat.milena.bench.reads;

import chat.milena.bench.answer.PagePosition;
import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The settings of a run that reads history.
///
/// @param server the server, for the end of the conversation
/// @param origins the instances that answer reads, asked in turn
/// @param userId the reader, a member
/// @param limit entries of a page
/// @param path of another read under that of the conversation, whose answers are not checked; null for pages
/// @param warmup at the start of each closed loop; checked, not measured
/// @param settle at the start of each rate; checked, not measured
/// @param duration measured time of each step
/// @param rates the rates after each closed loop; empty for none
/// @param search whether to search the highest rate that keeps the bound
/// @param searchFrom the start of the search; null for half the rate of the closed loop
/// @param bound the maximum p99 of a held rate
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
        @Nullable String path,
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
