package chat.milena.bench.answer;

import java.util.SplittableRandom;

/// The position of a page in a long conversation.
public enum PagePosition {
    END,
    MIDDLE,
    START,
    RANDOM;

    /// The page of the k-th read; only `RANDOM` depends on `seed` and `k`.
    public PageAsk ask(long lastSequence, int limit, long seed, long k) {
        return switch (this) {
            case END -> new PageAsk.Newest(limit);
            case MIDDLE -> new PageAsk.Before(Math.max(2, lastSequence / 2), limit);
            case START -> new PageAsk.After(0, limit);
            case RANDOM -> {
                SplittableRandom random = new SplittableRandom(seed + k);
                long number = random.nextLong(lastSequence) + 1;
                yield random.nextBoolean() ? new PageAsk.Before(number, limit) : new PageAsk.After(number, limit);
            }
        };
    }
}
