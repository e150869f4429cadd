package chat.milena.gateway.command;

import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Holder;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.Delivery;
import java.util.ArrayList;
import java.util.HashMap;
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
    // The latest attempt to send each message among them.
    private final Map<SentMessage, Long> messages = new HashMap<>();
    private boolean discarded;

    /// What an attempt sends; the next attempt sends the same.
    public record SentMessage(String conversationId, String messageId) {}

    /// A command that waits for its outcome.
    public static final class Pending {
        private final Caller caller;
        private final CommandListener listener;
        private final Places places;
        private final long deadlineMillis;
        private final @Nullable SentMessage message;

        private Pending(
                Caller caller,
                CommandListener listener,
                Places places,
                long deadlineMillis,
                @Nullable SentMessage message) {
            this.message = message;
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
        ///
        /// @param message that it sends; null for any other command
        Place take(
                long commandId,
                Caller caller,
                CommandListener listener,
                long deadlineMillis,
                @Nullable SentMessage message) {
            synchronized (InFlight.this) {
                if (taken >= max) {
                    return Place.SENDER_FULL;
                }
                if (discarded || (share != null && !share.budget().take(share.holder(), 1))) {
                    return Place.GATEWAY_FULL;
                }
                taken++;
                pending.put(commandId, new Pending(caller, listener, this, deadlineMillis, message));
                if (message != null) {
                    messages.put(message, commandId);
                }
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
            forget(commandId, closed);
        }
        return closed;
    }

    /// Frees the place of the latest attempt to send a message.
    ///
    /// The outcome of an earlier attempt may come after its deadline, while the sender tries again. It answers that
    /// attempt too: the one of its own would come even later, and while the log is behind, always too late.
    ///
    /// @return null if there is none
    public synchronized @Nullable Pending closeAttempt(SentMessage message) {
        Long latest = messages.get(message);
        return latest == null ? null : close(latest);
    }

    private void forget(long commandId, Pending closed) {
        if (closed.message != null) {
            messages.remove(closed.message, commandId);
        }
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
        Iterator<Map.Entry<Long, Pending>> oldest = pending.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<Long, Pending> next = oldest.next();
            if (next.getValue().deadlineMillis > nowMillis) {
                break;
            }
            due.add(next.getValue());
            oldest.remove();
            next.getValue().places.freeOne();
            forget(next.getKey(), next.getValue());
        }
        return due;
    }

    /// Frees all places permanently, and answers nobody: the sender is gone.
    public synchronized void discard() {
        discarded = true;
        pending.values().forEach(gone -> gone.places.freeOne());
        pending.clear();
        messages.clear();
    }

    /// How many commands are in flight.
    public synchronized int size() {
        return pending.size();
    }
}
