package chat.milena.bench.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The messages of one conversation as one connection has them: the result of all its frames, from the first number
/// on. Each number is applied once, since some arrive again after a lost socket. Safe for all threads.
///
/// Where frames were lost, later ones wait until a sync has brought what is missing: its entries are the messages as
/// they are at its end, so frames up to that number change nothing.
///
/// Most connections have the same messages, so a map of the whole run shares them.
public final class Fold {
    private static final int WAITING_MAX = 100_000;

    private final NumberLog log;
    private final Map<FoldedMessage, FoldedMessage> shared;
    private @Nullable FoldedMessage[] messages = new FoldedMessage[16];
    private final Set<Long> beyond = new HashSet<>();
    private final List<Consumer<Fold>> waiting = new ArrayList<>();
    private long last;
    /// All numbers up to this one are applied; those in `beyond` too.
    private long whole;
    private long synced;
    private int losses;
    private boolean behind;
    private boolean broken;

    Fold(NumberLog log, ConcurrentHashMap<FoldedMessage, FoldedMessage> shared) {
        this.log = log;
        this.shared = shared;
    }

    /// Applies a frame, or lets it wait for the sync.
    public synchronized void apply(Consumer<Fold> frame) {
        if (!behind) {
            frame.accept(this);
        } else if (waiting.size() < WAITING_MAX) {
            waiting.add(frame);
        } else {
            broken = true;
        }
    }

    /// Frames were lost: those that come from now on wait.
    public synchronized void losesFrames() {
        losses++;
        behind = true;
        waiting.clear();
    }

    /// How often frames were lost. A sync that began before the last loss brings nothing.
    public synchronized int losses() {
        return losses;
    }

    /// The number after which a sync begins.
    public synchronized long whole() {
        return whole;
    }

    /// A message of a sync, as it is now.
    public synchronized void synced(int loss, long number, String messageId, long timestamp, FoldedMessage message) {
        if (loss == losses && number < NumberLog.NUMBERS_MAX) {
            log.saw(number, messageId, timestamp);
            put(number, message);
        }
    }

    /// A page of a sync goes up to this number.
    ///
    /// @param hasMore whether another page follows; else the frames that wait are applied
    public synchronized void synced(int loss, long upTo, boolean hasMore) {
        if (loss != losses) {
            return;
        }
        synced = Math.max(synced, upTo);
        whole = Math.max(whole, upTo);
        beyond.removeIf(number -> number <= upTo);
        other(upTo);
        if (!hasMore) {
            behind = false;
            waiting.forEach(frame -> frame.accept(this));
            waiting.clear();
        }
    }

    /// A message with this number, and text unless it was deleted since.
    ///
    /// @param rootId of the message in whose thread it is a reply; null if it is none
    /// @param ordinal in that thread
    public synchronized void message(long number, @Nullable String text, @Nullable String rootId, long ordinal) {
        if (isNew(number) && number < NumberLog.NUMBERS_MAX) {
            put(number, FoldedMessage.sent(text));
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

    /// A deletion.
    ///
    /// @param revision of a message that was hidden until now
    public synchronized void deleted(long number, long target, long revision) {
        if (isNew(number) && target < NumberLog.NUMBERS_MAX) {
            FoldedMessage message = message(target);
            put(target, message == null ? FoldedMessage.gone(revision) : message.gone());
        }
    }

    /// A message is hidden, since it is held for a moderator.
    public synchronized void hidden(long number, long target) {
        if (isNew(number)) {
            hide(target);
        }
    }

    /// The same of a message of a sync.
    public synchronized void hiddenBySync(int loss, long number) {
        if (loss == losses) {
            hide(number);
        }
    }

    /// A message is no longer held for a moderator.
    ///
    /// @param text null if it was deleted since
    public synchronized void released(
            long number, long target, @Nullable String text, long revision, Map<String, Long> reactions) {
        if (isNew(number) && target < NumberLog.NUMBERS_MAX) {
            FoldedMessage before = message(target);
            put(target, FoldedMessage.released(text, revision, reactions, before == null ? 0 : before.replies()));
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
        if (numbers.getLast() <= synced) {
            return;
        }
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
        if (number > whole) {
            beyond.add(number);
        }
        while (beyond.remove(whole + 1)) {
            whole++;
        }
    }

    /// Whether frames were lost, and no sync has brought what they said.
    public synchronized boolean isBroken() {
        return broken || behind;
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
        other(number);
        return isNew;
    }

    private void put(long number, FoldedMessage message) {
        if (number >= messages.length) {
            messages = Arrays.copyOf(messages, (int) Math.max(number + 1, messages.length * 2L));
        }
        messages[(int) number] = same(message);
    }

    private void hide(long number) {
        if (number < messages.length) {
            messages[(int) number] = null;
        }
    }

    private void change(long number, UnaryOperator<FoldedMessage> change) {
        FoldedMessage message = number > 0 ? message(number) : null;
        if (message != null) {
            put(number, change.apply(message));
        }
    }

    private FoldedMessage same(FoldedMessage message) {
        FoldedMessage known = shared.putIfAbsent(message, message);
        return known == null ? message : known;
    }
}
