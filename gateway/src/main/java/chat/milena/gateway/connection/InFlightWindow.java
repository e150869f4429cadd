package chat.milena.gateway.connection;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The commands of one connection that have no outcome yet, at most so many. Safe for all threads.
final class InFlightWindow {
    private final int max;
    // In the order of appending, and so of their deadlines.
    private final Map<Long, Pending> pending = new LinkedHashMap<>();

    /// A command that waits for its outcome.
    ///
    /// @param id the request id that the answer carries
    record Pending(@Nullable String id, long deadlineMillis) {}

    InFlightWindow(int max) {
        this.max = max;
    }

    /// Opens a place for a command.
    ///
    /// @return false if there is none
    synchronized boolean open(long commandId, @Nullable String id, long deadlineMillis) {
        if (pending.size() >= max) {
            return false;
        }
        pending.put(commandId, new Pending(id, deadlineMillis));
        return true;
    }

    /// Closes a command's place.
    ///
    /// @return null if it had none any longer
    synchronized @Nullable Pending close(long commandId) {
        return pending.remove(commandId);
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
        return expired;
    }

    synchronized int size() {
        return pending.size();
    }
}
