package chat.milena.topology.sequencer;

import chat.milena.conversation.state.PersonalState;
import chat.milena.schemas.avro.Personal;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// The own state of users of each conversation, separate from their memberships: it outlives them, and messages
/// must not load it. For the stream thread.
final class PersonalStore {
    private final KeyValueStore<MemberKey, Personal> personal;

    PersonalStore(ProcessorContext<?, ?> context) {
        this.personal = context.getStateStore(SequencerStores.PERSONAL);
    }

    PersonalState of(ConversationKey key, String userId) {
        Personal stored = personal.get(new MemberKey(key, userId));
        return stored == null ? PersonalState.NONE : StateRecords.personal(stored);
    }

    /// @param next null if nothing is left
    void put(MemberKey key, @Nullable Personal next) {
        personal.put(key, next);
    }
}
