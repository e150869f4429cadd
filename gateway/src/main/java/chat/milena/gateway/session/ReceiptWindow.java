package chat.milena.gateway.session;

import chat.milena.gateway.session.PendingReceipt.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The receipts of one connection that wait for others to join them. Bounded; safe for all threads.
public final class ReceiptWindow {
    private final int heldMax;
    private final Map<Target, PendingReceipt> held = new LinkedHashMap<>();
    private boolean open;

    /// What became of a receipt that came in.
    public enum Place {
        /// It waits, and so opened a window that somebody must end.
        OPENED,
        /// It waits in the window that is open.
        HELD,
        /// There is no room for it, or too much in what it would join.
        FULL
    }

    /// @param heldMax receipts that wait, one for each conversation and kind
    ReceiptWindow(int heldMax) {
        this.heldMax = heldMax;
    }

    /// Takes a receipt in, to wait.
    public synchronized Place hold(PendingReceipt receipt) {
        PendingReceipt before = held.get(receipt.target());
        PendingReceipt together = before == null ? receipt : before.with(receipt);
        if (together == null || (before == null && held.size() >= heldMax)) {
            return Place.FULL;
        }
        held.put(receipt.target(), together);
        boolean opened = !open;
        open = true;
        return opened ? Place.OPENED : Place.HELD;
    }

    /// The window is over: what comes from now on opens the next. Those that wait are taken out.
    public synchronized List<PendingReceipt> end() {
        List<PendingReceipt> due = new ArrayList<>(held.values());
        held.clear();
        open = false;
        return due;
    }

    /// Drops those that wait: the client is gone.
    synchronized void discard() {
        held.clear();
    }

    synchronized int waiting() {
        return held.size();
    }
}
