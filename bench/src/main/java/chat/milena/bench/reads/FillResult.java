package chat.milena.bench.reads;

import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.MachineUse;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The outcome of filling a conversation.
///
/// @param wanted messages to send; fewer than the setting if an earlier fill was continued
/// @param perSecond acks a second
/// @param firstNumber the lowest acked number; 0 if there is none
/// @param lastNumber the highest
/// @param ack from writing a message to its ack
/// @param stopped why it could not continue; null if it was done
/// @param notices refusals, lost connections and the like, with their counts
public record FillResult(
        String conversationId,
        String userId,
        String readerId,
        long wanted,
        long acked,
        double seconds,
        double perSecond,
        long firstNumber,
        long lastNumber,
        Latencies.Summary ack,
        MachineUse machine,
        @Nullable String stopped,
        Map<String, Long> notices) {

    public FillResult {
        notices = Map.copyOf(notices);
    }

    public boolean done() {
        return stopped == null && acked == wanted;
    }
}
