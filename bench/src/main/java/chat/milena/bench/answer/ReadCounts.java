package chat.milena.bench.answer;

/// How the reads of a run went, of all kinds.
///
/// @param done reads that were answered at last
/// @param refused tries that were answered with 503 or 429
/// @param gone tries that an instance did not answer
/// @param givenUp reads that had no answer within the patience
/// @param longestRefusalMs the longest time from a read's first refusal to its answer
/// @param refusedMs time in which at least one read waited after a refusal
public record ReadCounts(long done, long refused, long gone, long givenUp, double longestRefusalMs, double refusedMs) {
    public static final ReadCounts NONE = new ReadCounts(0, 0, 0, 0, 0, 0);

    /// This and what came after it.
    public ReadCounts plus(ReadCounts later) {
        return new ReadCounts(
                done + later.done,
                refused + later.refused,
                gone + later.gone,
                givenUp + later.givenUp,
                Math.max(longestRefusalMs, later.longestRefusalMs),
                refusedMs + later.refusedMs);
    }
}
