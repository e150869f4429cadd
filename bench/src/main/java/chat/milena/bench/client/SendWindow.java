package chat.milena.bench.client;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The unacked sends of one connection: those on the wire, those that wait for their turn, and the number allowed
/// on the wire.
///
/// Turns follow the ordinal, so a send that returns from a lost socket or a refusal is written before newer ones.
/// After a refusal for rates the number allowed on the wire is halved. It then grows by one for each round of
/// acks, since the server closes a client that keeps sending at full width with 4429. Not thread-safe; it belongs
/// to the event loop. Its size is bounded by the caller's in-flight permits.
final class SendWindow {
    private final int onWireMax;
    private final TreeMap<Long, SentMessage> waiting = new TreeMap<>();
    private final Map<Long, SentMessage> onWire = new LinkedHashMap<>();
    private long ordinals;
    private int allowed;
    private int acksSinceGrowth;

    SendWindow(int onWireMax) {
        this.onWireMax = onWireMax;
        this.allowed = onWireMax;
    }

    void add(SentMessage message) {
        message.number(++ordinals);
        waiting.put(message.ordinal(), message);
    }

    /// Removes and returns the next message that may be written now, or null.
    @Nullable
    SentMessage next() {
        if (onWire.size() >= allowed) {
            return null;
        }
        Map.Entry<Long, SentMessage> first = waiting.pollFirstEntry();
        if (first == null) {
            return null;
        }
        onWire.put(first.getKey(), first.getValue());
        return first.getValue();
    }

    @Nullable
    SentMessage acked(long ordinal) {
        SentMessage message = remove(ordinal);
        if (message != null && allowed < onWireMax && ++acksSinceGrowth >= allowed) {
            allowed++;
            acksSinceGrowth = 0;
        }
        return message;
    }

    /// Puts a refused message back to be written again; narrows the window if the refusal was for rates.
    void putBack(SentMessage message, boolean forRates) {
        if (onWire.remove(message.ordinal()) == null) {
            return;
        }
        message.refused();
        waiting.put(message.ordinal(), message);
        if (forRates) {
            allowed = Math.max(1, Math.min(allowed, onWire.size() + 1) / 2);
            acksSinceGrowth = 0;
        }
    }

    @Nullable
    SentMessage find(long ordinal) {
        SentMessage message = onWire.get(ordinal);
        return message == null ? waiting.get(ordinal) : message;
    }

    @Nullable
    SentMessage remove(long ordinal) {
        SentMessage message = onWire.remove(ordinal);
        return message == null ? waiting.remove(ordinal) : message;
    }

    /// Takes back the sends that were last written before a moment and have no answer; false if there are none.
    boolean putBackUnanswered(long beforeNanos) {
        boolean any = false;
        // The send that was written last is the last of the queue.
        for (Iterator<SentMessage> all = onWire.values().iterator(); all.hasNext(); ) {
            SentMessage message = all.next();
            if (message.lastWrittenNanos() - beforeNanos >= 0) {
                break;
            }
            all.remove();
            waiting.put(message.ordinal(), message);
            any = true;
        }
        return any;
    }

    /// The socket is gone: all sends on the wire have to be written again.
    void socketLost() {
        waiting.putAll(onWire);
        onWire.clear();
    }

    /// Removes and returns the sends that wait for their turn and expect no answer: refused, or never written.
    List<SentMessage> takeIdle() {
        List<SentMessage> idle = waiting.values().stream()
                .filter(message -> !message.unanswered())
                .toList();
        idle.forEach(message -> waiting.remove(message.ordinal()));
        return idle;
    }

    List<SentMessage> drain() {
        socketLost();
        List<SentMessage> all = new ArrayList<>(waiting.values());
        waiting.clear();
        return all;
    }
}
