package chat.milena.gateway.live;

import chat.milena.ephemeral.typing.Typist;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The recipients of the typing of users here, cached for a short time. Safe for all threads.
///
/// There is an entry for each typist: one who has joined in is seen by all who have, except where there is a block; one
/// who has not, only by themselves. **Overflow.** The entries requested longest ago are evicted.
final class MemberCache {
    private static final long LIFE_MILLIS = Duration.ofSeconds(30).toMillis();

    private final Map<Typist, Cached> cached = new LinkedHashMap<>();
    private final Map<ConversationKey, Set<Typist>> typists = new LinkedHashMap<>();
    private final int typistsMax;
    private long changes;

    private record Cached(Set<String> userIds, long untilMillis) {}

    MemberCache(int typistsMax) {
        this.typistsMax = typistsMax;
    }

    synchronized Optional<Set<String>> of(Typist typist, long nowMillis) {
        Cached known = cached.get(typist);
        return known == null || known.untilMillis() <= nowMillis ? Optional.empty() : Optional.of(known.userIds());
    }

    /// Take it before the members are requested.
    synchronized long changes() {
        return changes;
    }

    /// Keeps an answer, unless something changed since its request: it may be older than the change.
    synchronized void keep(Typist typist, Set<String> userIds, long changesBefore, long nowMillis) {
        if (changes != changesBefore) {
            return;
        }
        remove(typist);
        cached.put(typist, new Cached(userIds, nowMillis + LIFE_MILLIS));
        typists.computeIfAbsent(typist.conversation(), none -> new HashSet<>()).add(typist);
        if (cached.size() > typistsMax) {
            remove(cached.keySet().iterator().next());
        }
    }

    /// A user wrote in a conversation, and so has joined in.
    synchronized void joinedIn(ConversationKey conversation, String userId) {
        boolean isNews = typists.getOrDefault(conversation, Set.of()).stream()
                .map(cached::get)
                .anyMatch(known -> known != null && !known.userIds().contains(userId));
        if (isNews) {
            changed(conversation);
        }
    }

    /// The members of a conversation have changed.
    synchronized void changed(ConversationKey conversation) {
        changes++;
        List.copyOf(typists.getOrDefault(conversation, Set.of())).forEach(this::remove);
    }

    /// Somebody blocked this user, or was blocked by them, or they were banned; or no longer.
    synchronized void forget(UserKey user) {
        changes++;
        cached.keySet().stream()
                .filter(typist -> typist.user().equals(user))
                .toList()
                .forEach(this::remove);
    }

    private void remove(Typist typist) {
        cached.remove(typist);
        Set<Typist> others = typists.get(typist.conversation());
        if (others != null && others.remove(typist) && others.isEmpty()) {
            typists.remove(typist.conversation());
        }
    }
}
