package chat.milena.conversation.rules;

import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.Refusal;
import chat.milena.schemas.word.Role;
import chat.milena.schemas.word.Word;
import org.jspecify.annotations.Nullable;

/// Decides who may read a conversation, and from which number on. Pure.
///
/// Upholds invariant 6: only members read. Others get the same answers as writers ([Refusal#ofOutsider]).
public final class AccessRules {
    private AccessRules() {}

    /// The access of a user.
    public sealed interface Access {}

    /// Read, from this number on.
    ///
    /// @param moderates whether messages that wait for a moderator are shown
    public record Granted(Conversation conversation, Member member, long firstSequence, boolean moderates)
            implements Access {}

    /// Nothing.
    public record Denied(Refusal refusal) implements Access {}

    /// Decides.
    ///
    /// @param conversation null if the user's tenant has none of this id
    /// @param member the user's membership in it; null without one
    public static Access decide(@Nullable Conversation conversation, @Nullable Member member) {
        if (conversation == null) {
            return new Denied(Refusal.NO_SUCH_CONVERSATION);
        }
        if (member == null) {
            ConversationType type =
                    Word.parse(ConversationType.class, conversation.getType()).orElse(null);
            return new Denied(Refusal.ofOutsider(type));
        }
        return new Granted(conversation, member, firstSequence(conversation, member), false);
    }

    /// Moderators read all conversations of their tenant, as if they had been members from the start.
    public static Access ofModerator(@Nullable Conversation conversation, String userId) {
        if (conversation == null) {
            return new Denied(Refusal.NO_SUCH_CONVERSATION);
        }
        Member member = new Member(
                conversation.getTenant(),
                conversation.getConversationId(),
                userId,
                Role.MEMBER.word(),
                conversation.getCreatedAt(),
                1L,
                null,
                true,
                1L,
                false);
        return new Granted(conversation, member, 1, true);
    }

    /// Decided when the member was added; for memberships from before that was recorded, by the present settings.
    private static long firstSequence(Conversation conversation, Member member) {
        Long noted = member.getFirstSequence();
        if (noted != null) {
            return noted;
        }
        boolean wholePast = conversation.getSettings().getHistoryVisibleToNewMembers();
        return wholePast ? 1 : member.getJoinedSequence();
    }

    /// Whether a member has joined in, by an act of their own. Before that, this conversation must not show others
    /// whether the member is present, types, and what they have received and read. Members from before joining in
    /// existed have joined in.
    public static boolean hasJoinedIn(Member member) {
        return member.getAccepted() == null || member.getAccepted();
    }
}
