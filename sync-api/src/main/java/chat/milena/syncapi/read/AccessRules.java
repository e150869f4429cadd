package chat.milena.syncapi.read;

import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import org.jspecify.annotations.Nullable;

/// Decides who may read a conversation, and from where on. Pure.
///
/// Upholds invariant 6: only members read. That a group exists is known to its tenant; that two people talk is known to
/// them alone, so others are answered as if there were nothing.
final class AccessRules {
    private static final Denied NO_SUCH_CONVERSATION = new Denied(ReadAnswer.Refused.NO_SUCH_CONVERSATION);
    private static final Denied MEMBERS_ONLY =
            new Denied(new ReadAnswer.Refused(ErrorCode.FORBIDDEN, "only members of this group may do that"));

    private AccessRules() {}

    /// What the asker may do.
    sealed interface Access {}

    /// Read, from this number on.
    record Granted(Conversation conversation, Member member, long firstSequence) implements Access {}

    /// Nothing.
    record Denied(ReadAnswer.Refused answer) implements Access {}

    /// Decides.
    ///
    /// @param conversation null if the asker's tenant has none of this id
    /// @param member the asker's place in it; null for none, or none any more
    static Access decide(@Nullable Conversation conversation, @Nullable Member member) {
        if (conversation == null) {
            return NO_SUCH_CONVERSATION;
        }
        if (member == null) {
            // A type that a later version brought is kept as secret as a direct conversation.
            return conversation.getType().equals(ConversationType.GROUP.word()) ? MEMBERS_ONLY : NO_SUCH_CONVERSATION;
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
    static boolean hasJoinedIn(Member member) {
        return member.getAccepted() == null || member.getAccepted();
    }
}
