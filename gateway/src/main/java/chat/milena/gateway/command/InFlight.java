package chat.milena.gateway.command;

import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Holder;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.Delivery;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The commands of one sender without an outcome, each with its answer: of one connection, or of all REST calls.
/// Safe for all threads.
///
/// **Bound.** A command takes one of the [Places] of its kind. Without a free one it is rejected.
public final class InFlight {
    // In the order of submission. The commands of one sender have the same timeout, so this is also the order of
    // deadlines.
    private final Map<Long, Pending> pending = new LinkedHashMap<>();
    private boolean discarded;

    /// A command that waits for its outcome.
    public static final class Pending {
        private final Caller caller;
        private final CommandListener listener;
        private final Places places;
        private final long deadlineMillis;

        private Pending(Caller caller, CommandListener listener, Places places, long deadlineMillis) {
            this.caller = caller;
            this.listener = listener;
            this.places = places;
            this.deadlineMillis = deadlineMillis;
        }

        /// The sender, from the token at submission.
        public Caller caller() {
            return caller;
        }

        /// Answers the sender.
        ///
        /// @param delivery the delivery with the outcome
        public void decided(Delivery delivery) {
            listener.decided(Outcome.of(delivery));
        }
    }

    /// Whether a command got a place.
    enum Place {
        FOUND,
        SENDER_FULL,
        GATEWAY_FULL
    }

    /// The places of one kind of command.
    public final class Places {
        private final int max;
        private final @Nullable Share share;
        private int taken;

        private Places(int max, @Nullable Share share) {
            this.max = max;
            this.share = share;
        }

        /// Takes a place for a command, if one is free.
        Place take(long commandId, Caller caller, CommandListener listener, long deadlineMillis) {
            synchronized (InFlight.this) {
                if (taken >= max) {
                    return Place.SENDER_FULL;
                }
                if (discarded || (share != null && !share.budget().take(share.holder(), 1))) {
                    return Place.GATEWAY_FULL;
                }
                taken++;
                pending.put(commandId, new Pending(caller, listener, this, deadlineMillis));
                return Place.FOUND;
            }
        }

        /// Frees the place of a command whose listener must not be called any longer.
        public void giveBack(long commandId) {
            close(commandId);
        }

        /// The command was not appended.
        void failed(long commandId) {
            Pending failed = close(commandId);
            if (failed != null) {
                failed.listener.unknown();
            }
        }

        private void freeOne() {
            taken--;
            if (share != null) {
                share.budget().giveBack(share.holder(), 1);
            }
        }
    }

    /// A sender's share of what the whole gateway may have in flight.
    private record Share(Holder holder, Budget budget) {}

    /// Places for a kind of command that is bounded only for this sender.
    public Places places(int max) {
        return new Places(max, null);
    }

    /// Places for a kind of command that is also bounded for all senders of the gateway.
    ///
    /// @param holder whose share of the budget it uses
    public Places places(int max, Holder holder, Budget budget) {
        return new Places(max, new Share(holder, budget));
    }

    /// Frees the place of a command.
    ///
    /// @return null if it had none any longer
    public synchronized @Nullable Pending close(long commandId) {
        Pending closed = pending.remove(commandId);
        if (closed != null) {
            closed.places.freeOne();
        }
        return closed;
    }

    /// Answers the senders of all commands whose deadline has passed, and frees their places.
    public void expire(long nowMillis) {
        dueBy(nowMillis).forEach(expired -> expired.listener.unknown());
    }

    private synchronized List<Pending> dueBy(long nowMillis) {
        if (pending.isEmpty()) {
            return List.of();
        }
        List<Pending> due = new ArrayList<>();
        Iterator<Pending> oldest = pending.values().iterator();
        while (oldest.hasNext()) {
            Pending next = oldest.next();
            if (next.deadlineMillis > nowMillis) {
                break;
            }
            due.add(next);
            oldest.remove();
            next.places.freeOne();
        }
        return due;
    }

    /// Frees all places permanently, and answers nobody: the sender is gone.
    public synchronized void discard() {
        discarded = true;
        pending.values().forEach(gone -> gone.places.freeOne());
        pending.clear();
    }

    /// How many commands are in flight.
    public synchronized int size() {
        return pending.size();
    }
}
