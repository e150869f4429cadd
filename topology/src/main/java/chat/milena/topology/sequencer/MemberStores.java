package chat.milena.topology.sequencer;

import chat.milena.conversation.state.Follow;
import chat.milena.conversation.state.PersonalState;
import chat.milena.schemas.avro.Ban;
import chat.milena.schemas.avro.FollowedThread;
import chat.milena.schemas.avro.Personal;
import chat.milena.schemas.key.BanKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.FollowKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.topology.users.BanTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// The state of users in conversations beside their memberships, each read only where it is needed.
record MemberStores(
        ReceiptStore receipts,
        Departures departures,
        PersonalStore personal,
        BlockMarks blocks,
        FollowStore follows,
        SendTimes sends,
        BanTable bans,
        ReportStore reports) {

    static MemberStores of(ProcessorContext<?, ?> context, TopicSpec<BanKey, Ban> bans) {
        return new MemberStores(
                new ReceiptStore(context),
                new Departures(context),
                new PersonalStore(context),
                new BlockMarks(context),
                new FollowStore(context),
                new SendTimes(context),
                new BanTable(context, bans),
                new ReportStore(context));
    }

    /// The own state of users of each conversation, separate from their memberships: it outlives them, and messages
    /// must not load it. For the stream thread.
    static final class PersonalStore {
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

    /// When members last sent a message while slow mode held for them. For the stream thread. At most one entry for
    /// each user and group, like memberships; leaving does not delete it, or who comes back could send again.
    static final class SendTimes {
        private final KeyValueStore<MemberKey, Long> sends;

        SendTimes(ProcessorContext<?, ?> context) {
            this.sends = context.getStateStore(SequencerStores.SENDS);
        }

        @Nullable
        Instant last(MemberKey key) {
            Long millis = sends.get(key);
            return millis == null ? null : Instant.ofEpochMilli(millis);
        }

        void put(MemberKey key, Instant at) {
            sends.put(key, at.toEpochMilli());
        }
    }

    /// Which threads each person follows, and how far they have read them. For the stream thread alone. One entry a
    /// person and thread, for as long as they follow it.
    static final class FollowStore {
        private static final Serializer<byte[]> PREFIX = new ByteArraySerializer();

        private final KeyValueStore<FollowKey, FollowedThread> follows;

        FollowStore(ProcessorContext<?, ?> context) {
            this.follows = context.getStateStore(SequencerStores.FOLLOWS);
        }

        static FollowKey key(ConversationKey key, String rootId, String userId) {
            return new FollowKey(new UserKey(key.tenant(), userId), key.conversationId(), rootId);
        }

        @Nullable
        Follow of(ConversationKey key, String rootId, String userId) {
            FollowedThread stored = follows.get(key(key, rootId, userId));
            return stored == null ? null : follow(stored);
        }

        /// The first of those in a conversation.
        List<Follow> allOf(ConversationKey key, String userId) {
            byte[] prefix = FollowKey.prefix(new UserKey(key.tenant(), userId), key.conversationId());
            List<Follow> found = new ArrayList<>();
            try (KeyValueIterator<FollowKey, FollowedThread> range = follows.prefixScan(prefix, PREFIX)) {
                while (range.hasNext() && found.size() < Follow.ENDED_MAX) {
                    found.add(follow(range.next().value));
                }
            }
            return found;
        }

        private static Follow follow(FollowedThread stored) {
            return new Follow(
                    stored.getUserId(), stored.getRootId(), stored.getRootSequence(), stored.getReadUpToOrdinal());
        }

        /// @param next null if the person follows the thread no longer
        void put(FollowKey key, @Nullable FollowedThread next) {
            follows.put(key, next);
        }
    }
}
