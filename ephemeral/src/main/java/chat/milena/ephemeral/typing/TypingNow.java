package chat.milena.ephemeral.typing;

import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The users who type at this moment, as far as this gateway knows. Safe for all threads.
///
/// Each gateway ends typing by itself after a time, so that nobody seems to type forever because another gateway
/// died. **Overflow.** With too many at the same time, further ones are not shown.
public final class TypingNow {
    /// In the order in which they end.
    private final Map<Typist, Entry> typing = new LinkedHashMap<>();

    private final Map<UserKey, Set<String>> conversations = new HashMap<>();
    private final int typistsMax;
    private final long lifeMillis;

    private record Entry(Set<String> recipients, long untilMillis) {}

    /// A user has stopped typing.
    public record Ended(Typist typist, Set<String> recipients) {}

    /// @param life how long typing lasts without a repeated start
    public TypingNow(int typistsMax, Duration life) {
        this.typistsMax = typistsMax;
        this.lifeMillis = life.toMillis();
    }

    /// A user starts typing, or continues.
    ///
    /// @param recipients the users here who see it
    /// @return false if there is no room
    public synchronized boolean starts(Typist typist, Set<String> recipients, long nowMillis) {
        Entry before = typing.remove(typist);
        if (before == null && typing.size() >= typistsMax) {
            return false;
        }
        Set<String> all = new HashSet<>(recipients);
        if (before == null) {
            conversations
                    .computeIfAbsent(typist.user(), none -> new HashSet<>())
                    .add(typist.conversationId());
        } else {
            // Recipients come once for each of their shards.
            all.addAll(before.recipients());
        }
        typing.put(typist, new Entry(all, nowMillis + lifeMillis));
        return true;
    }

    /// A user stops typing.
    ///
    /// @return the users to notify; empty if nobody saw the start
    public synchronized Set<String> stops(Typist typist) {
        Entry entry = typing.remove(typist);
        if (entry == null) {
            return Set.of();
        }
        forget(typist);
        return entry.recipients();
    }

    /// Takes those whose time is over.
    public synchronized List<Ended> end(long nowMillis) {
        List<Ended> ended = new ArrayList<>();
        Iterator<Map.Entry<Typist, Entry>> next = typing.entrySet().iterator();
        while (next.hasNext()) {
            Map.Entry<Typist, Entry> first = next.next();
            if (first.getValue().untilMillis() > nowMillis) {
                break;
            }
            next.remove();
            forget(first.getKey());
            ended.add(new Ended(first.getKey(), first.getValue().recipients()));
        }
        return ended;
    }

    /// These users have left a conversation and see nothing of it any longer.
    public synchronized void left(ConversationKey conversation, Collection<String> userIds) {
        Iterator<Map.Entry<Typist, Entry>> next = typing.entrySet().iterator();
        while (next.hasNext()) {
            Map.Entry<Typist, Entry> one = next.next();
            if (one.getKey().conversation().equals(conversation)) {
                one.getValue().recipients().removeAll(Set.copyOf(userIds));
            }
        }
    }

    /// One of the two has blocked the other: neither sees the other type any longer.
    ///
    /// @return what ends for one of them
    public synchronized List<Ended> part(UserKey one, UserKey other) {
        List<Ended> ended = new ArrayList<>();
        part(one, other.userId(), ended);
        part(other, one.userId(), ended);
        return ended;
    }

    private void part(UserKey user, String observerId, List<Ended> ended) {
        for (String conversationId : typingIn(user, observerId)) {
            Typist typist = new Typist(user, conversationId);
            Entry entry = typing.get(typist);
            if (entry != null && entry.recipients().remove(observerId)) {
                ended.add(new Ended(typist, Set.of(observerId)));
            }
        }
    }

    /// The conversations in which a user types and this observer was notified.
    public synchronized List<String> typingIn(UserKey user, String observerId) {
        return conversations.getOrDefault(user, Set.of()).stream()
                .filter(conversationId -> {
                    Entry entry = typing.get(new Typist(user, conversationId));
                    return entry != null && entry.recipients().contains(observerId);
                })
                .sorted()
                .toList();
    }

    public synchronized int size() {
        return typing.size();
    }

    private void forget(Typist typist) {
        Set<String> in = conversations.get(typist.user());
        if (in != null && in.remove(typist.conversationId()) && in.isEmpty()) {
            conversations.remove(typist.user());
        }
    }
}
