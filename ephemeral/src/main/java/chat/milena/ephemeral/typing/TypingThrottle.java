package chat.milena.ephemeral.typing;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Which starts and stops of typing are worth telling others: a start once a second, a stop after a start. Safe for all
/// threads.
///
/// Bounded: whoever started longest ago is forgotten first, and then costs one word more.
public final class TypingThrottle {
    private static final long PAUSE_MILLIS = Duration.ofSeconds(1).toMillis();

    private final Map<Typist, Long> startedMillis = new LinkedHashMap<>();
    private final int typistsMax;
    private final long lifeMillis;

    /// @param life as of [TypingNow]
    public TypingThrottle(int typistsMax, Duration life) {
        this.typistsMax = typistsMax;
        this.lifeMillis = life.toMillis();
    }

    /// Whether this start is to be told.
    public synchronized boolean starts(Typist typist, long nowMillis) {
        Long before = startedMillis.get(typist);
        if (before != null && nowMillis - before < PAUSE_MILLIS) {
            return false;
        }
        startedMillis.remove(typist);
        startedMillis.put(typist, nowMillis);
        if (startedMillis.size() > typistsMax) {
            startedMillis.remove(startedMillis.keySet().iterator().next());
        }
        return true;
    }

    /// Whether this stop is to be told. It is when others may think that they type.
    public synchronized boolean stops(Typist typist, long nowMillis) {
        Long before = startedMillis.remove(typist);
        return before != null && nowMillis - before <= lifeMillis;
    }

    /// They said what they were typing.
    public synchronized void said(Typist typist) {
        startedMillis.remove(typist);
    }
}
