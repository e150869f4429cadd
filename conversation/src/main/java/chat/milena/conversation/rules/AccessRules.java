package chat.milena.conversation.rules;

import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.Refusal;
import chat.milena.schemas.word.Word;
import org.jspecify.annotations.Nullable;

/// Decides who may read a conversation, and from where on. Pure.
///
/// Upholds invariant 6: only members read. Others are answered as those who write ([Refusal#ofOutsider]).
public final class AccessRules {
    private AccessRules() {}

    /// What the asker may do.
    public sealed interface Access {}

    /// Read, from this number on.
    public record Granted(Conversation conversation, Member member, long firstSequence) implements Access {}

    /// Nothing.
    public record Denied(Refusal refusal) implements Access {}

    /// Decides.
    ///
    /// @param conversation null if the asker's tenant has none of this id
    /// @param member the asker's place in it; null for none, or none any more
    public static Access decide(@Nullable Conversation conversation, @Nullable Member member) {
        if (conversation == null) {
            return new Denied(Refusal.NO_SUCH_CONVERSATION);
        }
        if (member == null) {
            ConversationType type =
                    Word.parse(ConversationType.class, conversation.getType()).orElse(null);
            return new Denied(Refusal.ofOutsider(type));
        }
        return new Granted(conversation, member, firstSequence(conversation, member));
    }

    /// Decided when they came; of memberships from before that was noted, by the settings of now.
    private static long firstSequence(Conversation conversation, Member member) {
        Long noted = member.getFirstSequence();
        if (noted != null) {
            return noted;
        }
        boolean wholePast = conversation.getSettings().getHistoryVisibleToNewMembers();
        return wholePast ? 1 : member.getJoinedSequence();
    }

    /// Whether a member has joined in, by an act of their own; before, the others must not see because of this
    /// conversation whether they are there, that they type, and what they have received and read. Who was in before
    /// this was asked for has.
    public static boolean hasJoinedIn(Member member) {
        return member.getAccepted() == null || member.getAccepted();
    }
}
