package chat.milena.protocol.conversation;

import chat.milena.protocol.json.JsonText;
import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.Participant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A conversation as its members see it, the same in frames and in answers.
///
/// @param type `direct` or `group`
/// @param name the name of a group; in an inbox, for a direct conversation, that of the other user's profile
/// @param avatarUrl of a group, an absolute `http` or `https` URL; in an inbox, for a direct conversation, that of
/// the other user's profile
/// @param custom of a group, any JSON object
/// @param participants the first [#PARTICIPANTS_MAX] in the order of user ids
/// @param settings of a group
/// @param lastSequence the number of its newest event
/// @param createdAt ISO 8601
public record ConversationView(
        String conversationId,
        String type,
        @Nullable String name,
        @Nullable String avatarUrl,
        @Nullable JsonText custom,
        List<Person> participants,
        int memberCount,
        @Nullable GroupSettings settings,
        long lastSequence,
        String createdAt) {
    /// Maximum number of participants in a view; its `memberCount` counts all.
    public static final int PARTICIPANTS_MAX = 100;

    /// The conversation after an event.
    public static ConversationView of(String conversationId, ConversationSnapshot conversation) {
        return new ConversationView(
                conversationId,
                conversation.getType(),
                conversation.getName(),
                conversation.getAvatarUrl(),
                JsonText.ofObject(conversation.getCustom()),
                people(conversation.getParticipants().stream()),
                conversation.getMemberCount(),
                GroupSettings.of(conversation.getType(), conversation.getSettings()),
                conversation.getLastSequence(),
                conversation.getCreatedAt().toString());
    }

    /// The conversation in the views.
    ///
    /// @param members in the order of user ids
    public static ConversationView of(Conversation conversation, Stream<Participant> members, long lastSequence) {
        return new ConversationView(
                conversation.getConversationId(),
                conversation.getType(),
                conversation.getName(),
                conversation.getAvatarUrl(),
                JsonText.ofObject(conversation.getCustom()),
                people(members),
                conversation.getMemberCount(),
                GroupSettings.of(conversation.getType(), conversation.getSettings()),
                lastSequence,
                conversation.getCreatedAt().toString());
    }

    /// The same with this name and avatar.
    public ConversationView named(@Nullable String newName, @Nullable String newAvatarUrl) {
        return new ConversationView(
                conversationId,
                type,
                newName,
                newAvatarUrl,
                custom,
                participants,
                memberCount,
                settings,
                lastSequence,
                createdAt);
    }

    /// The first of these participants.
    public static List<Person> people(Stream<Participant> participants) {
        return participants.limit(PARTICIPANTS_MAX).map(Person::of).toList();
    }
}
