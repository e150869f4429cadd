package chat.milena.bench.check;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The messages of one conversation as one connection has them: the result of all its frames, from the first number
/// on. Each number is applied once, since some arrive again after a lost socket. Safe for all threads.
///
/// Most connections have the same messages, so a map of the whole run shares them.
public final class Fold {
    private final NumberLog log;
    private final Map<FoldedMessage, FoldedMessage> shared;
    private @Nullable FoldedMessage[] messages = new FoldedMessage[16];
    private long last;
    private boolean broken;

    Fold(NumberLog log, ConcurrentHashMap<FoldedMessage, FoldedMessage> shared) {
        this.log = log;
        this.shared = shared;
    }

    /// A message with this number, and text unless it was deleted since.
    ///
    /// @param rootId of the message in whose thread it is a reply; null if it is none
    /// @param ordinal in that thread
    public synchronized void message(long number, @Nullable String text, @Nullable String rootId, long ordinal) {
        if (isNew(number) && number < NumberLog.NUMBERS_MAX) {
            if (number >= messages.length) {
                messages = Arrays.copyOf(messages, (int) Math.max(number + 1, messages.length * 2L));
            }
            messages[(int) number] = same(FoldedMessage.sent(text));
            if (rootId != null) {
                change(log.numberOf(rootId), root -> root.withReplies(ordinal));
            }
        }
    }

    public synchronized void edited(long number, long target, String text, long revision) {
        if (isNew(number)) {
            change(target, message -> message.edited(text, revision));
        }
    }

    /// An edit whose text is not shown any more.
    public synchronized void edited(long number, long target, long revision) {
        if (isNew(number)) {
            change(target, message -> message.withRevision(revision));
        }
    }

    public synchronized void deleted(long number, long target) {
        if (isNew(number)) {
            change(target, FoldedMessage::gone);
        }
    }

    public synchronized void reacted(long number, long target, String emoji, long count) {
        if (isNew(number)) {
            change(target, message -> message.withReaction(emoji, count));
        }
    }

    /// Reactions in a large group, which may come after higher numbers.
    public synchronized void gathered(List<Long> numbers, long target, Map<String, Long> counts) {
        numbers.forEach(this::other);
        counts.forEach((emoji, count) -> change(target, message -> message.withReaction(emoji, count)));
    }

    /// The connection's own edit, which arrives as an ack only.
    public synchronized void ownEdit(long number, String messageId, String text) {
        if (isNew(number)) {
            change(log.numberOf(messageId), message -> message.edited(text, message.revision() + 1));
        }
    }

    public synchronized void ownDeletion(long number, String messageId) {
        if (isNew(number)) {
            change(log.numberOf(messageId), FoldedMessage::gone);
        }
    }

    public synchronized void ownReaction(long number, String messageId, String emoji, boolean removed) {
        if (isNew(number)) {
            change(
                    log.numberOf(messageId),
                    message -> message.withReaction(
                            emoji, message.reactions().getOrDefault(emoji, 0L) + (removed ? -1 : 1)));
        }
    }

    /// Any other entry.
    public synchronized void other(long number) {
        last = Math.max(last, number);
    }

    /// Frames were lost for good.
    public synchronized void breaks() {
        broken = true;
    }

    public synchronized boolean isBroken() {
        return broken;
    }

    /// The highest number that was applied.
    public synchronized long last() {
        return last;
    }

    /// The message with this number; null if that is none.
    public synchronized @Nullable FoldedMessage message(long number) {
        return number < messages.length ? messages[(int) number] : null;
    }

    private boolean isNew(long number) {
        boolean isNew = number > last;
        last = Math.max(last, number);
        return isNew;
    }

    private void change(long number, UnaryOperator<FoldedMessage> change) {
        FoldedMessage message = number > 0 ? message(number) : null;
        if (message != null) {
            messages[(int) number] = same(change.apply(message));
        }
    }

    private FoldedMessage same(FoldedMessage message) {
        FoldedMessage known = shared.putIfAbsent(message, message);
        return known == null ? message : known;
    }
}
