package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.word.CommandKind;
import chat.milena.topology.conversation.ConversationState;
import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.Membership;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;

/// Who left a group by themselves and is not back, so that not everybody may bring them back. For the stream thread
/// alone. One entry a person and group at most, as memberships have.
final class Departures {
    private final KeyValueStore<MemberKey, Member> departures;

    Departures(ProcessorContext<?, ?> context) {
        this.departures = context.getStateStore(SequencerStores.DEPARTURES);
    }

    /// Those whom a command brings in who left by themselves. Looked up for members alone: what others name costs
    /// nothing.
    Set<String> among(ConversationKey key, InboundCommand inbound, ConversationState state) {
        if (!inbound.getKind().equals(CommandKind.MEMBER_ADD.word())
                || inbound.getMembers() == null
                || !(state instanceof Open open)
                || !open.members().containsKey(inbound.getUserId())) {
            return Set.of();
        }
        Set<String> left = new HashSet<>();
        for (String userId : inbound.getMembers().getUserIds()) {
            if (departures.get(new MemberKey(key, userId)) != null) {
                left.add(userId);
            }
        }
        return left;
    }

    void left(ConversationKey key, Membership member) {
        departures.put(new MemberKey(key, member.userId()), StateRecords.member(key, member));
    }

    void cameBack(ConversationKey key, List<Membership> members) {
        for (Membership member : members) {
            MemberKey at = new MemberKey(key, member.userId());
            // A blind delete would write to the changelog for everybody who ever comes in.
            if (departures.get(at) != null) {
                departures.delete(at);
            }
        }
    }
}
