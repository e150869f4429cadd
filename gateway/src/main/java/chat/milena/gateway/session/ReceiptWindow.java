package chat.milena.gateway.session;

import chat.milena.gateway.session.PendingReceipt.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The receipts of one connection that wait to be merged. Bounded; safe for all threads.
public final class ReceiptWindow {
    private final int heldMax;
    private final Map<Target, PendingReceipt> held = new LinkedHashMap<>();
    private boolean open;

    /// What happened to a receipt that came in.
    public enum Place {
        /// It waits, and opened a window that the caller must end.
        OPENED,
        /// It waits in the open window.
        HELD,
        /// There is no room for it, or the merged receipt would be too large.
        FULL
    }

    /// @param heldMax waiting receipts, one for each conversation and kind
    ReceiptWindow(int heldMax) {
        this.heldMax = heldMax;
    }

    /// Adds a receipt, to wait.
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

    /// The window is over: the next receipt opens another one. The waiting receipts are taken out.
    public synchronized List<PendingReceipt> end() {
        List<PendingReceipt> due = new ArrayList<>(held.values());
        held.clear();
        open = false;
        return due;
    }

    /// Drops the waiting receipts: the client is gone.
    synchronized void discard() {
        held.clear();
    }

    synchronized int waiting() {
        return held.size();
    }
}
