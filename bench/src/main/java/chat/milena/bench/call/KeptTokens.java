package chat.milena.bench.call;

import chat.milena.bench.client.TokenSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Caches tokens of another source for some minutes, since signing one for every read costs as much as the read.
/// It keeps one token a user, so the cache is as large as the number of users. Thread-safe.
public final class KeptTokens implements TokenSource {
    private static final long KEEP_NANOS = 300_000_000_000L;

    private final TokenSource source;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    public KeptTokens(TokenSource source) {
        this.source = source;
    }

    private record Kept(String token, long sinceNanos) {
        // The default text of a record would show the token.
        @Override
        public String toString() {
            return "a token";
        }
    }

    @Override
    public String tokenFor(String userId) {
        long now = System.nanoTime();
        Kept known = kept.get(userId);
        if (known == null || now - known.sinceNanos > KEEP_NANOS) {
            known = new Kept(source.tokenFor(userId), now);
            kept.put(userId, known);
        }
        return known.token;
    }
}
