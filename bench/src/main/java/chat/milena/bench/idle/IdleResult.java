package chat.milena.bench.idle;

import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.MachineUse;
import chat.milena.bench.report.ServerMemory;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The cost of idle connections.
///
/// @param asked the number of connections to make
/// @param connected connections that were made
/// @param connectSeconds from the first attempt to the last `connected`
/// @param connecting from the beginning of the successful attempt to its `connected`
/// @param refused attempts that ended before `connected`, by reason; they were retried if that was useful
/// @param lost connections that ended after it, by reason
/// @param memory of the server; null if no process was named
/// @param heartbeatsSent during the hold
/// @param heartbeatsUnanswered heartbeats of the hold without an answer when the next one was due, or at the end
/// @param heartbeat from its write to its answer, during the hold
/// @param atRest the machine before the first connection
/// @param atHold the machine during the hold
public record IdleResult(
        int asked,
        long connected,
        double connectSeconds,
        Latencies.Summary connecting,
        Map<String, Long> refused,
        Map<String, Long> lost,
        @Nullable Memory memory,
        double holdSeconds,
        long heartbeatsSent,
        long heartbeatsUnanswered,
        Latencies.Summary heartbeat,
        MachineUse atRest,
        MachineUse atHold) {

    public IdleResult {
        refused = Map.copyOf(refused);
        lost = Map.copyOf(lost);
    }

    /// The server's memory without a connection, with all of them, and after the hold.
    ///
    /// @param residentBytesEach growth of the resident memory until the end of the hold, a connection
    /// @param heapBytesEach the same for the used heap
    public record Memory(
            ServerMemory before,
            ServerMemory connected,
            ServerMemory held,
            double residentBytesEach,
            double heapBytesEach) {
        static Memory of(ServerMemory before, ServerMemory connected, ServerMemory held, long connections) {
            double all = Math.max(1, connections);
            return new Memory(
                    before,
                    connected,
                    held,
                    (held.residentBytes() - before.residentBytes()) / all,
                    (held.heapBytes() - before.heapBytes()) / all);
        }
    }

    /// Whether every connection was made and kept, and every heartbeat answered.
    public boolean clean() {
        return connected == asked && lost.isEmpty() && heartbeatsUnanswered == 0;
    }
}
