package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MuteConversation;
import chat.milena.schemas.word.CommandKind;
import chat.milena.topology.conversation.ConversationState;
import chat.milena.topology.conversation.MembershipDecision;
import chat.milena.topology.conversation.MembershipRules;

/// Reads from inbound records what members change of their own memberships, and asks [MembershipRules]. Pure.
final class MembershipReader {
    private MembershipReader() {}

    /// Whether the command is about the asker's own membership alone.
    static boolean isOwn(InboundCommand inbound) {
        return isAccept(inbound) || inbound.getKind().equals(CommandKind.MEMBER_MUTE.word());
    }

    static MembershipDecision decide(InboundCommand inbound, ConversationState state) {
        if (isAccept(inbound)) {
            return MembershipRules.accept(state, inbound.getUserId());
        }
        MuteConversation mute = inbound.getMute();
        return MembershipRules.mute(state, inbound.getUserId(), mute == null ? null : mute.getUntil());
    }

    private static boolean isAccept(InboundCommand inbound) {
        return inbound.getKind().equals(CommandKind.MEMBER_ACCEPT.word());
    }
}
