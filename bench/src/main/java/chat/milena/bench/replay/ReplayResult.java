package chat.milena.bench.replay;

import chat.milena.bench.answer.AckReadReport;
import chat.milena.bench.check.CheckReport;
import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.MachineUse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The outcome of a replay.
///
/// @param lines messages in the transcripts
/// @param sent lines handed to a connection
/// @param refused lines refused for good, by error code
/// @param unsaid lines whose person was not a member when the line was due
/// @param expectedDeliveries of the acked lines, one to each other member; -1 with churn, since only the check
///     knows the members at each number
/// @param seconds from the first line to the last ack or delivery
/// @param delivery from handing a line over (if paced: from its due time) to each `message.new` of it
/// @param resends acked lines that were sent once more to verify
/// @param wrongResends resends whose ack did not say `duplicate` and the same number
/// @param reads the results of the reads after every ack; null if there were none
/// @param stopped why the replay could not be finished; null if it was
/// @param notices lost connections, unexpected frames and the like, with their counts
public record ReplayResult(
        int conversations,
        int people,
        long lines,
        long sent,
        long acked,
        Map<String, Long> refused,
        long unsaid,
        long expectedDeliveries,
        CheckReport check,
        Latencies.Summary delivery,
        Latencies.Summary ack,
        double seconds,
        long resends,
        long wrongResends,
        ChurnCount churn,
        @Nullable MutationCount mutations,
        @Nullable AckReadReport reads,
        MachineUse machine,
        @Nullable String stopped,
        Map<String, Long> notices) {

    public ReplayResult {
        refused = Map.copyOf(refused);
        notices = Map.copyOf(notices);
    }

    /// Memberships that ended and began during a replay.
    ///
    /// @param refused changes that the server refused, for any reason
    public record ChurnCount(long leaves, long joins, long refused) {}

    /// Changes that were acked and made a difference, and whether all members have the changed messages.
    ///
    /// @param late changes that were refused, since their message was deleted just before
    public record MutationCount(long edits, long deletions, long reactions, long replies, long late, FoldCount folds) {}

    /// The result of reading all histories at the end.
    ///
    /// @param histories one for each member of each group
    /// @param messages that were compared
    /// @param different entries that differ from those of the frames, or reads that failed
    /// @param broken histories that were not compared, since the reader's connection lost frames and a sync failed
    /// @param syncs how often a sync brought what frames did not: once a conversation and loss
    /// @param examples the first differences, in words
    public record FoldCount(
            long histories, long messages, long different, long broken, long syncs, List<String> examples) {
        /// More histories than this share must have been compared.
        private static final double COMPARED_MIN = 0.99;

        public FoldCount {
            examples = List.copyOf(examples);
        }

        boolean clean() {
            return different == 0 && histories - broken >= COMPARED_MIN * histories;
        }
    }

    /// Whether the delivery contract was kept, every line of a member was acked, every change of members was
    /// accepted, what frames made was compared and equals what is read, and every read after an ack was correct.
    public boolean clean() {
        return stopped == null
                && acked + unsaid == lines
                && check.violations() == 0
                && wrongResends == 0
                && churn.refused == 0
                && (mutations == null || mutations.folds.clean())
                && (reads == null || reads.clean());
    }
}
