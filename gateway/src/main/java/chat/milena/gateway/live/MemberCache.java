package chat.milena.gateway.live;

import chat.milena.schemas.key.ConversationKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whom typing is told in the conversations in which people here type, for a short while. Safe for all threads.
///
/// What is kept holds for those it names: who has joined in finds all who have, who has not finds only themselves.
/// Bounded: those asked for longest ago are forgotten first.
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

    /// To be taken before members are asked for.
    synchronized long changes() {
        return changes;
    }

    /// Keeps an answer, unless something changed since it was asked for: it may be from before.
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

    /// Somebody wrote in a conversation, and so has joined in.
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
