package chat.milena.topology.sequencer;

import chat.milena.conversation.command.Changes;
import chat.milena.conversation.state.BrokenInvariantException;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.Membership;
import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.SequenceState;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.streams.run.RecentlyUsed;
import chat.milena.topology.delivery.Audience;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Conversations as the rules see them, over three state stores, with the recently used ones in memory.
///
/// For the stream thread. A task that is initialized again needs a new one: after an aborted transaction the
/// stores go back, and the memory must not outlive that.
final class ConversationStore {
    private static final ConversationState ABSENT = new Absent();
    private static final Serializer<byte[]> PREFIX = new ByteArraySerializer();

    private final KeyValueStore<ConversationKey, SequenceState> sequences;
    private final KeyValueStore<ConversationKey, Conversation> conversations;
    private final KeyValueStore<MemberKey, Member> members;
    private final int shards;
    private final RecentlyUsed<ConversationKey, Entry> cache;

    private record Entry(Open state, Audience audience) {}

    /// @param cachedMembersMax memberships to keep in memory; each conversation counts as one more
    ConversationStore(ProcessorContext<?, ?> context, int shards, int cachedMembersMax) {
        this.sequences = context.getStateStore(SequencerStores.SEQUENCES);
        this.conversations = context.getStateStore(SequencerStores.CONVERSATIONS);
        this.members = context.getStateStore(SequencerStores.MEMBERS);
        this.shards = shards;
        this.cache = new RecentlyUsed<>(entry -> entry.state().members().size(), cachedMembersMax);
    }

    ConversationState load(ConversationKey key) {
        Entry cached = cache.get(key);
        if (cached != null) {
            return cached.state();
        }
        SequenceState sequence = sequences.get(key);
        if (sequence == null) {
            return ABSENT;
        }
        Open open = new Open(
                StateRecords.properties(required(conversations.get(key), key)),
                readMembers(key),
                StateRecords.position(sequence));
        cache.put(key, new Entry(open, audienceOf(key, open)));
        return open;
    }

    /// The members, by shard, of a conversation just loaded or saved.
    Audience audience(ConversationKey key, Open open) {
        Entry cached = cache.get(key);
        return cached != null ? cached.audience() : audienceOf(key, open);
    }

    /// Saves the conversation after a command, without its members.
    void save(ConversationKey key, Open next, Changes changes) {
        if (changes.hasEvents()) {
            sequences.put(key, StateRecords.sequence(next.position()));
        }
        if (changes.changesConversation()) {
            conversations.put(key, StateRecords.conversation(key, next));
            cache.put(key, new Entry(next, audienceOf(key, next)));
        } else {
            cache.put(key, new Entry(next, audience(key, next)));
        }
    }

    void saveMember(MemberKey key, Member member) {
        members.put(key, member);
    }

    void deleteMember(MemberKey key) {
        members.delete(key);
    }

    private Audience audienceOf(ConversationKey key, Open open) {
        return Audience.of(key.tenant(), open.members().keySet(), shards);
    }

    private SortedMap<String, Membership> readMembers(ConversationKey key) {
        SortedMap<String, Membership> found = new TreeMap<>();
        try (KeyValueIterator<MemberKey, Member> range = members.prefixScan(MemberKey.prefix(key), PREFIX)) {
            range.forEachRemaining(entry -> found.put(entry.value.getUserId(), StateRecords.membership(entry.value)));
        }
        return Collections.unmodifiableSortedMap(found);
    }

    /// A number without a conversation means that the stores contradict each other: the task must not continue.
    private static Conversation required(@Nullable Conversation conversation, ConversationKey key) {
        if (conversation == null) {
            throw new BrokenInvariantException("Numbered but not stored: conversation " + key);
        }
        return conversation;
    }
}
