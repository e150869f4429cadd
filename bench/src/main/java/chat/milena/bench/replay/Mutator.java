package chat.milena.bench.replay;

import chat.milena.bench.client.MessageIds;
import chat.milena.bench.client.Outgoing;
import chat.milena.bench.frame.About;
import chat.milena.bench.frame.ServerFrame;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Follows a fraction of the lines of one group with an edit, a deletion, a reaction or a reply by a random
/// member, each when its line is acked. Thread-safe.
///
/// The choice depends on the seed and the line alone, except that the line itself replaces a deleted message. A change
/// may still come after a deletion by another user, and is then refused.
final class Mutator {
    private static final String GONE = "MESSAGE_NOT_FOUND";
    private static final int BACK_MAX = 30;
    private static final List<String> EMOJI = List.of("👍", "🎉", "❤️", "👀");

    private final GroupPlayer player;
    private final List<Person> members;
    private final MessageIds ids;
    private final long firstTag;
    private final ReplayOptions.Mutating options;
    private final Deque<Mutation> waiting = new ArrayDeque<>();
    private final BitSet acked = new BitSet();
    private final BitSet deleted = new BitSet();
    private final Map<Class<?>, Long> counts = new HashMap<>();
    private int inFlight;
    private long late;
    private long answered;

    private record Mutation(Person by, String messageId, Outgoing what, int line) {}

    /// @param members the first of them made the group
    /// @param firstTag of its sends, which end as many above as there are lines
    Mutator(GroupPlayer player, List<Person> members, MessageIds ids, long firstTag, ReplayOptions.Mutating options) {
        this.player = player;
        this.members = List.copyOf(members);
        this.ids = ids;
        this.firstTag = firstTag;
        this.options = options;
    }

    /// A line was acked for the first time.
    synchronized void follow(int line) {
        acked.set(line);
        SplittableRandom random = new SplittableRandom(options.seed() * 1_000_003 + player.firstIndex() + line);
        if (random.nextDouble() >= options.fraction()) {
            return;
        }
        waiting.add(mutation(line, random));
        play();
    }

    private Mutation mutation(int line, SplittableRandom random) {
        int back = Math.max(0, line - random.nextInt(BACK_MAX));
        int target = acked.get(back) && !deleted.get(back) ? back : line;
        String messageId = ids.of(player.firstIndex() + target);
        Person anybody = members.get(random.nextInt(members.size()));
        return switch (random.nextInt(4)) {
            case 0 ->
                new Mutation(player.speaker(target), messageId, new Outgoing.Edit("edited after line " + line), line);
            case 1 -> {
                deleted.set(target);
                Person by = random.nextBoolean() ? members.getFirst() : player.speaker(target);
                yield new Mutation(by, messageId, new Outgoing.Deletion(), line);
            }
            case 2 -> {
                String emoji = EMOJI.get(random.nextInt(EMOJI.size()));
                yield new Mutation(anybody, messageId, new Outgoing.Reaction(emoji, random.nextInt(4) == 0), line);
            }
            default ->
                new Mutation(
                        anybody,
                        ids.of(firstTag + line),
                        new Outgoing.Message("reply after line " + line, new About(messageId, true)),
                        line);
        };
    }

    /// Hands over the changes for which connections have room.
    synchronized void play() {
        for (int i = waiting.size(); i > 0; i--) {
            Mutation next = waiting.removeFirst();
            // Counted before the hand-over, which may be answered before it returns.
            inFlight++;
            if (!next.by.trySend(player.conversationId(), next.messageId, next.what, firstTag + next.line)) {
                inFlight--;
                waiting.addLast(next);
            }
        }
    }

    /// A duplicate does not count.
    synchronized void acked(Outgoing what, ServerFrame.MessageAck ack) {
        inFlight--;
        answered++;
        if (!ack.duplicate()) {
            counts.merge(what.getClass(), 1L, Long::sum);
        }
    }

    /// The answer is false when it only came too late, after a deletion.
    synchronized boolean refused(String code) {
        inFlight--;
        answered++;
        if (code.equals(GONE)) {
            late++;
            return false;
        }
        return true;
    }

    synchronized boolean done() {
        return inFlight == 0 && waiting.isEmpty();
    }

    synchronized int inFlight() {
        return inFlight;
    }

    synchronized long answered() {
        return answered;
    }

    /// Changes of a kind that were acked and made a difference.
    synchronized long count(Class<? extends Outgoing> kind) {
        return counts.getOrDefault(kind, 0L);
    }

    synchronized long late() {
        return late;
    }
}
