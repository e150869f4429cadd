package chat.milena.bench.answer;

/// The outcomes of all reads of a run.
///
/// @param done reads with an answer in the end
/// @param refused attempts answered with 503 or 429
/// @param gone attempts that an instance did not answer
/// @param givenUp reads without an answer within the patience
/// @param longestRefusalMs the longest time from a read's first refusal to its answer
/// @param refusedMs time in which at least one read waited after a refusal
public record ReadCounts(long done, long refused, long gone, long givenUp, double longestRefusalMs, double refusedMs) {
    public static final ReadCounts NONE = new ReadCounts(0, 0, 0, 0, 0, 0);

    /// The sum of these counts and later ones.
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
