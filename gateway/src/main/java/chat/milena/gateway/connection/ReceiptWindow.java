package chat.milena.gateway.connection;

import chat.milena.gateway.connection.HeldReceipt.Target;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The receipts of one connection: those that wait for others, and those that were sent and have no outcome. Both are
/// bounded. Safe for all threads.
final class ReceiptWindow {
    private final ReceiptConfig config;
    private final Map<Target, HeldReceipt> held = new LinkedHashMap<>();
    // In the order of appending, and so of their deadlines.
    private final Map<Long, Sent> sent = new LinkedHashMap<>();
    private boolean open;

    private record Sent(HeldReceipt receipt, long deadlineMillis) {}

    /// What became of a receipt that came in.
    enum Place {
        /// It waits, and so opened a window that somebody must end.
        OPENED,
        /// It waits in the window that is open.
        HELD,
        /// There is no room for it, or too much in what it would join.
        FULL
    }

    ReceiptWindow(ReceiptConfig config) {
        this.config = config;
    }

    /// Takes a receipt in, to wait.
    synchronized Place hold(HeldReceipt receipt) {
        HeldReceipt before = held.get(receipt.target());
        HeldReceipt together = before == null ? receipt : before.with(receipt);
        if (together == null || (before == null && held.size() >= config.heldMax())) {
            return Place.FULL;
        }
        held.put(receipt.target(), together);
        boolean opened = !open;
        open = true;
        return opened ? Place.OPENED : Place.HELD;
    }

    /// The window is over: what comes from now on opens the next. Those that wait are taken out.
    synchronized List<HeldReceipt> end() {
        List<HeldReceipt> due = new ArrayList<>(held.values());
        held.clear();
        open = false;
        return due;
    }

    /// Counts one as sent, if there is a place.
    synchronized boolean send(long commandId, HeldReceipt receipt, long deadlineMillis) {
        if (sent.size() >= config.inFlightMax()) {
            return false;
        }
        sent.put(commandId, new Sent(receipt, deadlineMillis));
        return true;
    }

    /// One that was sent has its outcome.
    ///
    /// @return null if it was not waited for any longer
    synchronized @Nullable HeldReceipt close(long commandId) {
        Sent closed = sent.remove(commandId);
        return closed == null ? null : closed.receipt();
    }

    /// Gives up those whose deadline has passed.
    synchronized List<HeldReceipt> expire(long nowMillis) {
        if (sent.isEmpty()) {
            return List.of();
        }
        List<HeldReceipt> expired = new ArrayList<>();
        Iterator<Sent> oldest = sent.values().iterator();
        while (oldest.hasNext()) {
            Sent receipt = oldest.next();
            if (receipt.deadlineMillis() > nowMillis) {
                break;
            }
            expired.add(receipt.receipt());
            oldest.remove();
        }
        return expired;
    }

    /// Nobody is there to be told.
    synchronized void discard() {
        held.clear();
        sent.clear();
    }

    synchronized int waiting() {
        return held.size();
    }
}
