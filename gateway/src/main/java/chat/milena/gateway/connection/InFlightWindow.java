package chat.milena.gateway.connection;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The commands of one connection that have no outcome yet, at most so many, and at most so many of the whole gateway.
/// Safe for all threads.
final class InFlightWindow {
    private final int max;
    private final InFlightBound gateway;
    // In the order of appending, and so of their deadlines.
    private final Map<Long, Pending> pending = new LinkedHashMap<>();
    private boolean gone;

    /// A command that waits for its outcome.
    ///
    /// @param id the request id that the answer carries
    record Pending(@Nullable String id, long deadlineMillis) {}

    /// Whether a command was let in, and if not, what is full.
    enum Admission {
        TAKEN,
        WINDOW_FULL,
        GATEWAY_FULL
    }

    InFlightWindow(int max, InFlightBound gateway) {
        this.max = max;
        this.gateway = gateway;
    }

    /// Opens a place for a command, if there is one.
    synchronized Admission open(long commandId, @Nullable String id, long deadlineMillis) {
        if (gone || pending.size() >= max) {
            return Admission.WINDOW_FULL;
        }
        if (!gateway.tryTake()) {
            return Admission.GATEWAY_FULL;
        }
        pending.put(commandId, new Pending(id, deadlineMillis));
        return Admission.TAKEN;
    }

    /// Closes a command's place.
    ///
    /// @return null if it had none any longer
    synchronized @Nullable Pending close(long commandId) {
        Pending closed = pending.remove(commandId);
        if (closed != null) {
            gateway.release(1);
        }
        return closed;
    }

    /// Gives all places back, for good: the connection is gone.
    synchronized void clear() {
        gone = true;
        gateway.release(pending.size());
        pending.clear();
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
        gateway.release(expired.size());
        return expired;
    }

    synchronized int size() {
        return pending.size();
    }
}
