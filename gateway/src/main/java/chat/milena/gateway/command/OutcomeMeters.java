package chat.milena.gateway.command;

import chat.milena.schemas.word.OutcomeStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/// Counts the outcomes of commands. Safe for all threads.
public final class OutcomeMeters {
    private static final String COMMANDS = "milena.gateway.commands";
    private static final String OUTCOME = "outcome";

    private final Map<OutcomeStatus, Counter> byStatus = new EnumMap<>(OutcomeStatus.class);
    private final Counter rateLimited;
    private final Counter unavailable;

    public OutcomeMeters(MeterRegistry meters) {
        for (OutcomeStatus status : OutcomeStatus.values()) {
            byStatus.put(status, meters.counter(COMMANDS, OUTCOME, status.word()));
        }
        rateLimited = meters.counter(COMMANDS, OUTCOME, "rate_limited");
        unavailable = meters.counter(COMMANDS, OUTCOME, "unavailable");
    }

    /// The sequencer decided.
    public void decided(OutcomeStatus status) {
        Counter counter = byStatus.get(status);
        if (counter != null) {
            counter.increment();
        }
    }

    /// Rejected: too many commands of its connection had no outcome.
    public void rateLimited() {
        rateLimited.increment();
    }

    /// The log had no room or failed, or no outcome came in time.
    public void unavailable() {
        unavailable.increment();
    }
}
