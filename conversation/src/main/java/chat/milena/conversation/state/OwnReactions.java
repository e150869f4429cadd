package chat.milena.conversation.state;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What one person added to a message and took away again, by the place of the emoji among the message's. Immutable.
public record OwnReactions(Map<Integer, OwnReaction> byPlace) {
    /// Of a person who added nothing.
    public static final OwnReactions NONE = new OwnReactions(Map.of());

    public OwnReactions {
        byPlace = Map.copyOf(byPlace);
    }

    /// Whether a person has an emoji there.
    ///
    /// @param by the event that made it so
    public record OwnReaction(EventTime by, boolean removed) {}

    /// Null if the person never had the emoji of this place there.
    public @Nullable OwnReaction at(int place) {
        return byPlace.get(place);
    }

    public OwnReactions with(int place, OwnReaction reaction) {
        Map<Integer, OwnReaction> next = new TreeMap<>(byPlace);
        next.put(place, reaction);
        return new OwnReactions(next);
    }
}
