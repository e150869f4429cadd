package chat.milena.topology.sequencer;

import chat.milena.conversation.state.Membership;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;

/// The users who left a group by themselves and are not back, since not every member may add them again. For the
/// stream thread. At most one entry for each user and group, like memberships.
final class Departures {
    private final KeyValueStore<MemberKey, Member> departures;

    Departures(ProcessorContext<?, ?> context) {
        this.departures = context.getStateStore(SequencerStores.DEPARTURES);
    }

    boolean has(ConversationKey key, String userId) {
        return departures.get(new MemberKey(key, userId)) != null;
    }

    void add(ConversationKey key, Membership member) {
        departures.put(new MemberKey(key, member.userId()), StateRecords.member(key, member));
    }

    void delete(ConversationKey key, String userId) {
        departures.delete(new MemberKey(key, userId));
    }
}
