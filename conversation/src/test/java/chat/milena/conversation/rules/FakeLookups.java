package chat.milena.conversation.rules;

import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.FormerWatermarks;
import chat.milena.conversation.state.PersonalState;
import chat.milena.conversation.state.Watermarks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Look-ups in maps that a test fills; it also notes what was looked up.
final class FakeLookups implements Lookups {
    final Map<String, FirstSend> messages = new HashMap<>();
    final Map<String, Watermarks> watermarks = new HashMap<>();
    final Map<String, PersonalState> personal = new HashMap<>();
    final Set<String> left = new HashSet<>();
    final List<String> lookedUp = new ArrayList<>();

    @Nullable
    FormerWatermarks formerWatermarks;

    static FakeLookups none() {
        return new FakeLookups();
    }

    FakeLookups with(String messageId, FirstSend first) {
        messages.put(messageId, first);
        return this;
    }

    FakeLookups with(String userId, Watermarks reached) {
        watermarks.put(userId, reached);
        return this;
    }

    FakeLookups withLeft(String userId) {
        left.add(userId);
        return this;
    }

    @Override
    public @Nullable FirstSend message(String messageId) {
        lookedUp.add(messageId);
        return messages.get(messageId);
    }

    @Override
    public Watermarks watermarks(String userId) {
        lookedUp.add(userId);
        return watermarks.getOrDefault(userId, Watermarks.NONE);
    }

    @Override
    public @Nullable FormerWatermarks formerWatermarks() {
        return formerWatermarks;
    }

    @Override
    public PersonalState personal(String userId) {
        return personal.getOrDefault(userId, PersonalState.NONE);
    }

    @Override
    public boolean hasLeft(String userId) {
        lookedUp.add(userId);
        return left.contains(userId);
    }
}
