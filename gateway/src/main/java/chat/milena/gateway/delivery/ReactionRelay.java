package chat.milena.gateway.delivery;

import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionRegistry;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.runtime.time.WindowTimer;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Bounds the frames about reactions in large groups: for each message one in a window of time. The first reaction is
/// sent immediately and opens a window. Those that come within it are merged into one frame, which is sent at its end
/// and opens the next window. Safe for all threads; never blocks.
///
/// **Order.** The counts of a frame are those after its last reaction, so frames of one message must keep the order
/// of the log: while any reaction of it waits, all later ones wait too. Windows are kept for each shard of recipients,
/// since shards progress independently.
///
/// **Overflow.** Without room for another window, reactions are sent one by one. Without room for another reaction,
/// those of its message are sent with it, before the end of the window.
public final class ReactionRelay {
    /// The reactions of one frame.
    static final int TOGETHER_MAX = 500;

    private final ConnectionRegistry registry;
    private final WindowTimer timer;
    private final Duration window;
    private final int heldMax;
    private final Consumer<LoggedDelivery> dispatched;
    private final Map<ConversationKey, Map<Target, Window>> windows = new HashMap<>();
    /// Open windows, and the reactions that wait in them.
    private int size;
    private boolean closed;

    /// A message, for the recipients of one shard.
    private record Target(long sequenceNumber, int shard) {}

    /// An open window.
    private static final class Window {
        private final List<LoggedDelivery> waiting = new ArrayList<>();
        /// The connection that made all waiting reactions, and knows them by their acks; null for several.
        private @Nullable Connection except;
    }

    /// @param heldMax open windows and waiting reactions together
    /// @param dispatched notified of each waiting delivery when its frame is in the outboxes
    public ReactionRelay(
            ConnectionRegistry registry,
            WindowTimer timer,
            Duration window,
            int heldMax,
            Consumer<LoggedDelivery> dispatched) {
        this.registry = registry;
        this.timer = timer;
        this.window = window;
        this.heldMax = heldMax;
        this.dispatched = dispatched;
    }

    /// Takes a reaction whose frame must wait; it is sent at the end of the window.
    ///
    /// @param answered the connection whose reaction it is; null if that is not here
    /// @return false if the caller must send the frame now
    synchronized boolean takes(LoggedDelivery logged, @Nullable Connection answered) {
        Delivery delivery = logged.delivery();
        if (delivery.getReaction() == null || !delivery.getReaction().getGathered()) {
            return false;
        }
        ConversationKey conversation = new ConversationKey(delivery.getTenant(), delivery.getConversationId());
        Target target = new Target(delivery.getEvent().getChange().getTargetSequence(), logged.shard());
        Window open = windows.getOrDefault(conversation, Map.of()).get(target);
        if (open == null) {
            open(conversation, target, delivery);
            return false;
        }
        open.except = open.waiting.isEmpty() || open.except == answered ? answered : null;
        boolean isFull = size >= heldMax;
        size++;
        open.waiting.add(logged);
        if (isFull || open.waiting.size() == TOGETHER_MAX) {
            send(open);
        }
        return true;
    }

    private void open(ConversationKey conversation, Target target, Delivery delivery) {
        if (closed || size >= heldMax || !isAnyHere(delivery)) {
            return;
        }
        size++;
        Window opened = new Window();
        windows.computeIfAbsent(conversation, none -> new HashMap<>()).put(target, opened);
        timer.after(window, () -> end(conversation, target, opened));
    }

    private boolean isAnyHere(Delivery delivery) {
        return delivery.getRecipients().stream()
                .anyMatch(userId -> registry.of(new UserKey(delivery.getTenant(), userId)).length > 0);
    }

    private synchronized void end(ConversationKey conversation, Target target, Window ended) {
        if (closed) {
            return;
        }
        if (!ended.waiting.isEmpty()) {
            send(ended);
            timer.after(window, () -> end(conversation, target, ended));
            return;
        }
        size--;
        windows.computeIfPresent(conversation, (key, open) -> {
            open.remove(target);
            return open.isEmpty() ? null : open;
        });
    }

    /// Sends the waiting reactions of a conversation: an event follows that must not overtake them.
    synchronized void flush(ConversationKey conversation) {
        windows.getOrDefault(conversation, Map.of()).values().forEach(this::send);
    }

    /// Sends all waiting reactions; later ones do not wait.
    public synchronized void close() {
        closed = true;
        windows.values().forEach(open -> open.values().forEach(this::send));
        windows.clear();
        size = 0;
    }

    /// Within the lock: frames sent after a flush come after it.
    private void send(Window open) {
        if (open.waiting.isEmpty()) {
            return;
        }
        List<LoggedDelivery> together = List.copyOf(open.waiting);
        open.waiting.clear();
        size -= together.size();
        try {
            LoggedDelivery last = together.getLast();
            EventFrames frames = EventFrames.together(
                    together.stream().map(LoggedDelivery::delivery).toList());
            for (String userId : last.delivery().getRecipients()) {
                for (Connection connection :
                        registry.of(new UserKey(last.delivery().getTenant(), userId))) {
                    boolean skipped = connection == open.except || connection.liveFromOffset() > last.offset();
                    ServerFrame frame = skipped ? null : frames.frameFor(userId);
                    if (frame != null) {
                        connection.send(frame, last.offset(), null);
                    }
                }
            }
        } finally {
            together.forEach(dispatched);
        }
    }

    /// How many windows are open, and reactions wait.
    synchronized int size() {
        return size;
    }
}
