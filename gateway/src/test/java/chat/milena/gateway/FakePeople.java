package chat.milena.gateway;

import chat.milena.gateway.live.PeopleQuery;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The query side as a test wants it. Safe for all threads.
public final class FakePeople implements PeopleQuery {
    /// With whom everybody shares a conversation that both have joined in.
    public final Set<String> contacts = ConcurrentHashMap.newKeySet();

    /// Who has blocked everybody.
    public final Set<String> blocking = ConcurrentHashMap.newKeySet();

    /// The conversations that everybody is in, by id.
    public final Set<String> conversations = ConcurrentHashMap.newKeySet();

    /// Questions so far.
    public final AtomicInteger asked = new AtomicInteger();

    public volatile boolean away;

    @Override
    public Answer sharing(UserKey asker, List<String> userIds) {
        asked.incrementAndGet();
        Set<String> sharing = new HashSet<>(userIds);
        sharing.retainAll(contacts);
        return away ? new Unavailable(Duration.ofSeconds(1)) : new People(sharing);
    }

    @Override
    public Answer blocking(UserKey asker, List<String> userIds) {
        asked.incrementAndGet();
        Set<String> found = new HashSet<>(userIds);
        found.retainAll(blocking);
        return away ? new Unavailable(Duration.ofSeconds(1)) : new People(found);
    }

    @Override
    public Answer typingAudience(UserKey asker, ConversationKey conversation, int limit) {
        asked.incrementAndGet();
        if (away) {
            return new Unavailable(Duration.ofSeconds(1));
        }
        return conversations.contains(conversation.conversationId())
                ? new People(Set.of(asker.userId()))
                : new Refused(ErrorCode.CONVERSATION_NOT_FOUND, "no such conversation");
    }
}
