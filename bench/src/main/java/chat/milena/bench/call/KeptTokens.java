package chat.milena.bench.call;

import chat.milena.bench.client.TokenSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Tokens of another source, each used for some minutes: signing one for every read costs as much as the read. One is
/// kept for each user, so there are as many as users. Thread-safe.
public final class KeptTokens implements TokenSource {
    private static final long KEEP_NANOS = 300_000_000_000L;

    private final TokenSource source;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    public KeptTokens(TokenSource source) {
        this.source = source;
    }

    private record Kept(String token, long sinceNanos) {
        // A record's own text would show the token.
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
