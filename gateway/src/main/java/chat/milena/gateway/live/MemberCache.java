package chat.milena.gateway.live;

import chat.milena.schemas.key.ConversationKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The recipients of typing in conversations where users here type, cached for a short time. Safe for all threads.
///
/// An entry is valid for the users in it: a user who has joined in sees all who have, one who has not sees only
/// themselves. **Overflow.** The entries requested longest ago are evicted.
final class MemberCache {
    private static final long LIFE_MILLIS = Duration.ofSeconds(30).toMillis();

    private final Map<ConversationKey, Cached> cached = new LinkedHashMap<>();
    private final int conversationsMax;
    private long changes;

    private record Cached(Set<String> userIds, long untilMillis) {}

    MemberCache(int conversationsMax) {
        this.conversationsMax = conversationsMax;
    }

    synchronized Optional<Set<String>> of(ConversationKey conversation, long nowMillis) {
        Cached known = cached.get(conversation);
        return known == null || known.untilMillis() <= nowMillis ? Optional.empty() : Optional.of(known.userIds());
    }

    /// Take it before the members are requested.
    synchronized long changes() {
        return changes;
    }

    /// Keeps an answer, unless something changed since its request: it may be older than the change.
    synchronized void keep(ConversationKey conversation, Set<String> userIds, long changesBefore, long nowMillis) {
        if (changes != changesBefore) {
            return;
        }
        cached.remove(conversation);
        cached.put(conversation, new Cached(userIds, nowMillis + LIFE_MILLIS));
        if (cached.size() > conversationsMax) {
            cached.remove(cached.keySet().iterator().next());
        }
    }

    /// A user wrote in a conversation, and so has joined in.
    synchronized void joinedIn(ConversationKey conversation, String userId) {
        Cached known = cached.get(conversation);
        if (known != null && !known.userIds().contains(userId)) {
            changed(conversation);
        }
    }

    /// The members of a conversation have changed.
    synchronized void changed(ConversationKey conversation) {
        changes++;
        cached.remove(conversation);
    }
}
