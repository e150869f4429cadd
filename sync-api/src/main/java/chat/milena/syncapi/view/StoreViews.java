package chat.milena.syncapi.view;

import chat.milena.schemas.avro.Annotation;
import chat.milena.schemas.avro.Ban;
import chat.milena.schemas.avro.Block;
import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.Device;
import chat.milena.schemas.avro.FollowedThread;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Personal;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.Reference;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.avro.Warnings;
import chat.milena.schemas.key.AnnotationKey;
import chat.milena.schemas.key.BanKey;
import chat.milena.schemas.key.BlockKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.key.FollowKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.ReferenceKey;
import chat.milena.schemas.key.ReportKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.syncapi.read.ConversationViews;
import chat.milena.syncapi.read.MembershipViews;
import chat.milena.syncapi.read.Read.Order;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/// The views over the state stores of one task. A value that cannot be read counts as absent: a newer version may
/// have written it, and this one only counts it ([UnreadableValues]). For one thread at a time.
///
/// Every call may fail with an [org.apache.kafka.streams.errors.InvalidStateStoreException] when the task moves
/// away.
final class StoreViews implements ConversationViews, MembershipViews {
    /// No byte of an id is below it, so no key of another conversation or user is between a prefix and the prefix
    /// with it.
    private static final byte BEHIND_ALL = 1;

    private final TopicCatalogue topics;
    private final Function<View, ReadOnlyKeyValueStore<Bytes, byte[]>> stores;
    private final UnreadableValues unreadable;

    /// @param stores the store of each view, looked up when it is needed
    StoreViews(
            TopicCatalogue topics,
            Function<View, ReadOnlyKeyValueStore<Bytes, byte[]>> stores,
            UnreadableValues unreadable) {
        this.topics = topics;
        this.stores = stores;
        this.unreadable = unreadable;
    }

    @Override
    public @Nullable Conversation conversation(ConversationKey key) {
        return value(View.CONVERSATIONS, topics.conversations(), key);
    }

    @Override
    public @Nullable Member member(MemberKey key) {
        return value(View.MEMBERS, topics.members(), key);
    }

    @Override
    public @Nullable Receipt receipt(MemberKey key) {
        return value(View.RECEIPTS, topics.receipts(), key);
    }

    @Override
    public @Nullable Annotation annotation(AnnotationKey key) {
        return value(View.ANNOTATIONS, topics.annotations(), key);
    }

    @Override
    public List<Annotation> additions(ConversationKey key, long sequenceNumber, String afterUserId, int limit) {
        return behind(
                View.ANNOTATIONS,
                topics.annotations(),
                new AnnotationKey(key, sequenceNumber, afterUserId),
                AnnotationKey.ofMessage(key, sequenceNumber).toBytes(),
                limit);
    }

    @Override
    public List<Member> members(ConversationKey key, String afterUserId, int limit) {
        return behind(View.MEMBERS, topics.members(), new MemberKey(key, afterUserId), MemberKey.prefix(key), limit);
    }

    @Override
    public List<Receipt> receipts(ConversationKey key, String afterUserId, int limit) {
        return behind(View.RECEIPTS, topics.receipts(), new MemberKey(key, afterUserId), MemberKey.prefix(key), limit);
    }

    @Override
    public List<Member> memberships(UserKey user, String afterConversationId, int limit) {
        MembershipKey after = new MembershipKey(user, afterConversationId);
        byte[] prefix = new MembershipKey(user, "").toBytes();
        return behind(View.MEMBERSHIPS, topics.memberships(), after, prefix, limit);
    }

    @Override
    public boolean keepsAny(UserKey user, String afterConversationId) {
        MembershipKey after = new MembershipKey(user, afterConversationId);
        byte[] prefix = new MembershipKey(user, "").toBytes();
        return !behind(View.PERSONAL, topics.personal(), after, prefix, 1).isEmpty();
    }

    @Override
    public List<FollowedThread> threads(UserKey user, int limit) {
        FollowKey first = new FollowKey(user, "", "");
        return behind(View.THREADS, topics.threads(), first, FollowKey.prefix(user), limit);
    }

    @Override
    public boolean follows(FollowKey key) {
        return value(View.THREADS, topics.threads(), key) != null;
    }

    @Override
    public @Nullable Personal personal(MembershipKey key) {
        return value(View.PERSONAL, topics.personal(), key);
    }

    @Override
    public List<Block> blocks(UserKey user, String afterUserId, int limit) {
        byte[] prefix = new BlockKey(user, "").toBytes();
        return behind(View.BLOCKS, topics.blocks(), new BlockKey(user, afterUserId), prefix, limit);
    }

    @Override
    public boolean hasBlocked(BlockKey key) {
        return value(View.BLOCKS, topics.blocks(), key) != null;
    }

    @Override
    public List<Device> devices(UserKey user, int limit) {
        return behind(View.DEVICES, topics.devices(), new DeviceKey(user, ""), DeviceKey.prefix(user), limit);
    }

    @Override
    public @Nullable Device device(DeviceKey key) {
        return value(View.DEVICES, topics.devices(), key);
    }

    @Override
    public @Nullable Member membership(MembershipKey key) {
        return value(View.MEMBERSHIPS, topics.memberships(), key);
    }

    @Override
    public @Nullable Ban ban(BanKey key) {
        return value(View.BANS, topics.bans(), key);
    }

    @Override
    public List<Ban> bans(BanKey after, int limit) {
        return behind(View.BANS, topics.bans(), after, BanKey.prefix(after.tenant()), limit);
    }

    @Override
    public List<Ban> bansOf(BanKey ofTenant, int limit) {
        return behind(View.BANS, topics.bans(), ofTenant, ofTenant.toBytes(), limit);
    }

    @Override
    public List<ReportedMessage> reports(ReportKey after, int limit) {
        return behind(View.REPORTS, topics.reports(), after, ReportKey.prefix(after.tenant(), after.decided()), limit);
    }

    @Override
    public @Nullable Warnings warnings(UserKey user) {
        return value(View.WARNINGS, topics.warnings(), user);
    }

    @Override
    public @Nullable User user(UserKey user) {
        return value(View.USERS, topics.users(), user);
    }

    @Override
    public void events(ConversationKey key, long from, long to, Order order, Predicate<TimelineEvent> goesOn) {
        Bytes first = Bytes.wrap(new EventKey(key, from).toBytes());
        Bytes last = Bytes.wrap(new EventKey(key, to).toBytes());
        walk(View.HISTORY, topics.messages(), first, last, order, goesOn);
    }

    @Override
    public @Nullable Reference reference(ReferenceKey key) {
        return value(View.REFERENCES, topics.references(), key);
    }

    @Override
    public void references(ReferenceKey from, long to, Order order, Predicate<Reference> goesOn) {
        Bytes first = Bytes.wrap(from.toBytes());
        Bytes last = Bytes.wrap(new ReferenceKey(from.conversation(), from.list(), to).toBytes());
        walk(View.REFERENCES, topics.references(), first, last, order, goesOn);
    }

    private <V extends SpecificRecord> void walk(
            View view, TopicSpec<?, V> topic, Bytes first, Bytes last, Order order, Predicate<V> goesOn) {
        ReadOnlyKeyValueStore<Bytes, byte[]> store = stores.apply(view);
        try (KeyValueIterator<Bytes, byte[]> range = switch (order) {
            case OLDEST_FIRST -> store.range(first, last);
            case NEWEST_FIRST -> store.reverseRange(first, last);
        }) {
            read(topic, range, null, goesOn);
        }
    }

    private <V extends SpecificRecord> List<V> behind(
            View view, TopicSpec<?, V> topic, LogKey after, byte[] prefix, int limit) {
        byte[] end = Arrays.copyOf(prefix, prefix.length);
        // A prefix ends with the separator, which is lower than everything that may follow it.
        end[end.length - 1] = BEHIND_ALL;
        Bytes first = Bytes.wrap(after.toBytes());
        try (KeyValueIterator<Bytes, byte[]> range = stores.apply(view).range(first, Bytes.wrap(end))) {
            List<V> found = new ArrayList<>();
            read(topic, range, first, value -> {
                found.add(value);
                return found.size() < limit;
            });
            return found;
        }
    }

    private <V extends SpecificRecord> void read(
            TopicSpec<?, V> topic,
            KeyValueIterator<Bytes, byte[]> range,
            @Nullable Bytes without,
            Predicate<V> goesOn) {
        boolean more = true;
        while (more && range.hasNext()) {
            var entry = range.next();
            V value = entry.key.equals(without) ? null : value(topic, entry.key, entry.value);
            more = value == null || goesOn.test(value);
        }
    }

    private <K extends LogKey, V extends SpecificRecord> @Nullable V value(View view, TopicSpec<K, V> topic, K key) {
        Bytes at = Bytes.wrap(key.toBytes());
        return value(topic, at, stores.apply(view).get(at));
    }

    private <V extends SpecificRecord> @Nullable V value(TopicSpec<?, V> topic, Bytes key, byte @Nullable [] bytes) {
        try {
            return bytes == null ? null : topic.values().deserializer().deserialize(topic.name(), bytes);
        } catch (SerializationException e) {
            unreadable.met(topic, key, e);
            return null;
        }
    }
}
