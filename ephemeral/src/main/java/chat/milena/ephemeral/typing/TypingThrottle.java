package chat.milena.ephemeral.typing;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Decides which starts and stops of typing are sent: a start once a second, a stop after a start. Safe for all
/// threads.
///
/// **Overflow.** The oldest start is forgotten, which costs one more start.
public final class TypingThrottle {
    private static final long PAUSE_MILLIS = Duration.ofSeconds(1).toMillis();

    private final Map<Typist, Long> startedMillis = new LinkedHashMap<>();
    private final int typistsMax;
    private final long lifeMillis;

    /// @param life as in [TypingNow]
    public TypingThrottle(int typistsMax, Duration life) {
        this.typistsMax = typistsMax;
        this.lifeMillis = life.toMillis();
    }

    /// Whether to send this start.
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

    /// Whether to send this stop: others may have seen a start.
    public synchronized boolean stops(Typist typist, long nowMillis) {
        Long before = startedMillis.remove(typist);
        return before != null && nowMillis - before <= lifeMillis;
    }

    /// The user has sent the message.
    public synchronized void said(Typist typist) {
        startedMillis.remove(typist);
    }
}
