package chat.milena.bench.replay;

import chat.milena.bench.answer.AckReadReport;
import chat.milena.bench.check.CheckReport;
import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.MachineUse;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The outcome of a replay.
///
/// @param lines messages in the transcripts
/// @param sent lines handed to a connection
/// @param refused lines refused for good, by error code
/// @param unsaid lines whose person was not a member when it was their turn
/// @param expectedDeliveries of the acked lines, one to each other member; -1 with churn, where who was a member at
/// each
///        number is known to the check alone
/// @param seconds from the first line to the last ack or delivery
/// @param delivery from handing a line over (when paced: from its due time) to each `message.new` of it
/// @param resends acked lines that were sent once more to verify
/// @param wrongResends resends whose ack did not say `duplicate` and the same number
/// @param reads what reading after every ack found; null where nobody read
/// @param stopped why the replay could not be finished; null if it was
/// @param notices lost connections, unexpected frames and the like, with how often
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
    /// @param refused changes that the server refused, for whatever reason
    public record ChurnCount(long leaves, long joins, long refused) {}

    /// Whether every line was acked (but of those who were not members), every change of members accepted, every
    /// read after an ack right, and the delivery contract was kept.
    public boolean clean() {
        return stopped == null
                && acked + unsaid == lines
                && check.violations() == 0
                && wrongResends == 0
                && churn.refused == 0
                && (reads == null || reads.clean());
    }
}
