package chat.milena.bench.scenario;

import chat.milena.bench.report.Table;

/// The outcome for a member who read nothing for a while.
///
/// @param received messages that arrived once it read again
/// @param missing numbers left out among those
/// @param resyncs frames that announced missing numbers
/// @param wrong numbers missing without a `resync`, or that arrived twice or late
/// @param ended how its socket ended, or that it did not
public record SlowOutcome(long received, long missing, long resyncs, long wrong, String ended) {
    @Override
    public String toString() {
        return "got " + Table.count(received) + " messages, " + Table.count(missing) + " left out, resync frames "
                + Table.count(resyncs) + ", missing or duplicated without one " + Table.count(wrong) + "; " + ended;
    }
}
