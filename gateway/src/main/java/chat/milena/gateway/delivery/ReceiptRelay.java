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

/// Sends receipts to the connections of their recipients, merging those of one reader within a window into one
/// frame. Safe for all threads; never blocks.
///
/// A connection never sees a reader's watermark move backwards. Receipts are therefore merged for each shard of
/// recipients (shards progress independently), and a resumed connection skips receipts from before the offset
/// where its live frames start.
///
/// **Overflow.** Receipts without room to wait are sent immediately.
public final class ReceiptRelay {
    private final ConnectionRegistry registry;
    private final WindowTimer timer;
    private final Duration window;
    private final int heldMax;
    private final Map<ConversationKey, Map<Reader, Update>> held = new HashMap<>();
    private int size;

    /// @param shard of the recipients
    private record Reader(ReceiptKind kind, String userId, int shard) {}

    /// @param offset of its last delivery
    private record Update(MovedReceipt receipt, long offset, Set<String> recipients, List<Runnable> sent) {}

    private record Words(ReceiptKind kind, MovedReceipt receipt) {}

    /// @param heldMax waiting receipts, one for each conversation, reader, kind and shard of recipients
    public ReceiptRelay(ConnectionRegistry registry, WindowTimer timer, Duration window, int heldMax) {
        this.registry = registry;
        this.timer = timer;
        this.window = window;
        this.heldMax = heldMax;
    }

    /// Sends a receipt at the end of its window, to the connected recipients.
    ///
    /// @param sent run when it has been sent, or has no recipients here
    void relay(LoggedDelivery logged, Runnable sent) {
        Delivery delivery = logged.delivery();
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
                    new Reader(kind, receipt.getUserId(), logged.shard()),
                    new Update(receipt, logged.offset(), here, List.of(sent)));
        } else {
            sent.run();
        }
    }

    private synchronized void hold(ConversationKey conversation, Reader reader, Update update) {
        Map<Reader, Update> waiting = held.get(conversation);
        Update before = waiting == null ? null : waiting.get(reader);
        if (before != null && waiting != null) {
            Update together = together(before, update);
            if (MovedReceipts.fitsAFrame(together.receipt())) {
                waiting.put(reader, together);
            } else {
                send(conversation, reader, before, new HashMap<>());
                waiting.put(reader, update);
            }
            return;
        }
        if (size >= heldMax) {
            send(conversation, reader, update, new HashMap<>());
            return;
        }
        size++;
        held.computeIfAbsent(conversation, none -> new LinkedHashMap<>()).put(reader, update);
        if (waiting == null) {
            timer.after(window, () -> flush(conversation));
        }
    }

    /// The further of the two, for the recipients of both.
    private static Update together(Update before, Update update) {
        Set<String> recipients = new LinkedHashSet<>(before.recipients());
        recipients.addAll(update.recipients());
        List<Runnable> sent = new ArrayList<>(before.sent());
        sent.addAll(update.sent());
        return new Update(
                MovedReceipts.together(before.receipt(), update.receipt()),
                Math.max(before.offset(), update.offset()),
                recipients,
                sent);
    }

    /// Sends the waiting receipts of this conversation immediately: the window is over, or an event follows that
    /// must not overtake them.
    synchronized void flush(ConversationKey conversation) {
        Map<Reader, Update> due = held.remove(conversation);
        if (due != null) {
            size -= due.size();
            Map<Words, ServerFrame> encoded = new HashMap<>();
            due.forEach((reader, update) -> send(conversation, reader, update, encoded));
        }
    }

    /// Within the lock: frames sent after a flush come after it.
    ///
    /// @param encoded frames by content, since most shards get the same
    private void send(ConversationKey conversation, Reader reader, Update update, Map<Words, ServerFrame> encoded) {
        ServerFrame frame = encoded.computeIfAbsent(
                new Words(reader.kind(), update.receipt()),
                words -> ServerFrames.receipt(words.kind(), conversation.conversationId(), words.receipt()));
        for (String userId : update.recipients()) {
            for (Connection connection : registry.of(new UserKey(conversation.tenant(), userId))) {
                if (connection.liveFromOffset() <= update.offset()) {
                    connection.send(frame);
                }
            }
        }
        update.sent().forEach(Runnable::run);
    }

    /// How many wait.
    synchronized int waiting() {
        return size;
    }
}
