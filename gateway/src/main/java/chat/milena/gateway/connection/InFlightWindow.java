package chat.milena.gateway.connection;

import chat.milena.runtime.budget.Budget;
import chat.milena.runtime.budget.Holder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The commands of one connection that have no outcome yet, at most so many, each with a place in the gateway's
/// budget. Safe for all threads.
final class InFlightWindow {
    private final int max;
    private final Holder holder;
    private final Budget budget;
    // In the order of appending, and so of their deadlines.
    private final Map<Long, Pending> pending = new LinkedHashMap<>();
    private boolean discarded;

    /// A command that waits for its outcome.
    ///
    /// @param id the request id that the answer carries
    record Pending(@Nullable String id, long deadlineMillis) {}

    /// Whether a command found a place.
    enum Place {
        FOUND,
        CONNECTION_FULL,
        GATEWAY_FULL
    }

    /// @param holder whose share of the budget it uses
    InFlightWindow(int max, Holder holder, Budget budget) {
        this.max = max;
        this.holder = holder;
        this.budget = budget;
    }

    /// Opens a place for a command, if there is one.
    synchronized Place open(long commandId, @Nullable String id, long deadlineMillis) {
        if (pending.size() >= max) {
            return Place.CONNECTION_FULL;
        }
        if (discarded || !budget.take(holder, 1)) {
            return Place.GATEWAY_FULL;
        }
        pending.put(commandId, new Pending(id, deadlineMillis));
        return Place.FOUND;
    }

    /// Closes a command's place.
    ///
    /// @return null if it had none any longer
    synchronized @Nullable Pending close(long commandId) {
        Pending command = pending.remove(commandId);
        if (command != null) {
            budget.giveBack(holder, 1);
        }
        return command;
    }

    /// Closes the places of all commands whose deadline has passed.
    synchronized List<Pending> expire(long nowMillis) {
        if (pending.isEmpty()) {
            return List.of();
        }
        List<Pending> expired = new ArrayList<>();
        Iterator<Pending> oldest = pending.values().iterator();
        while (oldest.hasNext()) {
            Pending command = oldest.next();
            if (command.deadlineMillis() > nowMillis) {
                break;
            }
            expired.add(command);
            oldest.remove();
        }
        budget.giveBack(holder, expired.size());
        return expired;
    }

    /// Closes all places for good: nobody is there to be told.
    synchronized void discard() {
        discarded = true;
        budget.giveBack(holder, pending.size());
        pending.clear();
    }

    synchronized int size() {
        return pending.size();
    }
}
