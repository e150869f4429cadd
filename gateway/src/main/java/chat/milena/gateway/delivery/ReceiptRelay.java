package chat.milena.gateway.delivery;

import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionRegistry;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.runtime.time.WindowTimer;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.MovedReceipt;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.schemas.word.Word;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Tells receipts to the connections they concern, those of one reader within a window as one frame. Safe for all
/// threads; never blocks.
///
/// What one connection is told of a reader never goes back. So the shards of the recipients are kept apart, since one
/// may be read further than another; and a connection that goes on where another one was is not told what stands before
/// the place from which on it is told live.
///
/// **Overflow.** Receipts that find no room to wait are told at once.
public final class ReceiptRelay {
    private final ConnectionRegistry registry;
    private final WindowTimer timer;
    private final Duration window;
    private final int heldMax;
    private final Map<ConversationKey, Map<Reader, Told>> held = new HashMap<>();
    private int size;

    /// @param shard of the recipients
    private record Reader(ReceiptKind kind, String userId, int shard) {}

    /// @param offset of the last delivery of it
    private record Told(MovedReceipt receipt, long offset, Set<String> recipients, List<Runnable> sent) {}

    private record Words(ReceiptKind kind, MovedReceipt receipt) {}

    /// @param heldMax receipts that wait, one for each conversation, reader, kind and shard of recipients
    public ReceiptRelay(ConnectionRegistry registry, WindowTimer timer, Duration window, int heldMax) {
        this.registry = registry;
        this.timer = timer;
        this.window = window;
        this.heldMax = heldMax;
    }

    /// Tells a receipt when its window ends, to those recipients who are connected.
    ///
    /// @param sent run when it has been told, or there is nobody to tell
    void tell(LoggedDelivery placed, Runnable sent) {
        Delivery delivery = placed.delivery();
        MovedReceipt receipt = delivery.getReceipt();
        ReceiptKind kind = Word.parse(ReceiptKind.class, receipt.getKind()).orElse(null);
        Set<String> here = new LinkedHashSet<>();
        for (String userId : delivery.getRecipients()) {
            if (registry.of(new UserKey(delivery.getTenant(), userId)).length > 0) {
                here.add(userId);
            }
        }
        if (kind != null && !here.isEmpty()) {
            ConversationKey conversation = new ConversationKey(delivery.getTenant(), delivery.getConversationId());
            hold(
                    conversation,
                    new Reader(kind, receipt.getUserId(), placed.shard()),
                    new Told(receipt, placed.offset(), here, List.of(sent)));
        } else {
            sent.run();
        }
    }

    private synchronized void hold(ConversationKey conversation, Reader reader, Told told) {
        Map<Reader, Told> waiting = held.get(conversation);
        Told before = waiting == null ? null : waiting.get(reader);
        if (before != null && waiting != null) {
            Told together = together(before, told);
            if (MovedReceipts.fitsAFrame(together.receipt())) {
                waiting.put(reader, together);
            } else {
                send(conversation, reader, before, new HashMap<>());
                waiting.put(reader, told);
            }
            return;
        }
        if (size >= heldMax) {
            send(conversation, reader, told, new HashMap<>());
            return;
        }
        size++;
        held.computeIfAbsent(conversation, none -> new LinkedHashMap<>()).put(reader, told);
        if (waiting == null) {
            timer.after(window, () -> flush(conversation));
        }
    }

    /// The further of the two, for the recipients of both.
    private static Told together(Told before, Told told) {
        Set<String> recipients = new LinkedHashSet<>(before.recipients());
        recipients.addAll(told.recipients());
        List<Runnable> sent = new ArrayList<>(before.sent());
        sent.addAll(told.sent());
        return new Told(
                MovedReceipts.together(before.receipt(), told.receipt()),
                Math.max(before.offset(), told.offset()),
                recipients,
                sent);
    }

    /// Tells at once what waits of this conversation: its window is over, or something follows that must not be
    /// overtaken.
    synchronized void flush(ConversationKey conversation) {
        Map<Reader, Told> due = held.remove(conversation);
        if (due != null) {
            size -= due.size();
            Map<Words, ServerFrame> encoded = new HashMap<>();
            due.forEach((reader, told) -> send(conversation, reader, told, encoded));
        }
    }

    /// Within the lock: what is sent after a flush comes after it.
    ///
    /// @param encoded frames by what they say, since several shards are mostly told the same
    private void send(ConversationKey conversation, Reader reader, Told told, Map<Words, ServerFrame> encoded) {
        ServerFrame frame = encoded.computeIfAbsent(
                new Words(reader.kind(), told.receipt()),
                words -> ServerFrames.receipt(words.kind(), conversation.conversationId(), words.receipt()));
        for (String userId : told.recipients()) {
            for (Connection connection : registry.of(new UserKey(conversation.tenant(), userId))) {
                if (connection.liveFromOffset() <= told.offset()) {
                    connection.send(frame);
                }
            }
        }
        told.sent().forEach(Runnable::run);
    }

    /// How many wait.
    synchronized int waiting() {
        return size;
    }
}
