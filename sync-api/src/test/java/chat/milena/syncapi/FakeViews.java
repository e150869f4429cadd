package chat.milena.syncapi;

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
import chat.milena.schemas.key.FollowKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.ReferenceKey;
import chat.milena.schemas.key.ReportKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.read.ConversationViews;
import chat.milena.syncapi.read.MembershipViews;
import chat.milena.syncapi.read.Read.Order;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/// Views in memory. For one thread; counts the events that were handed out.
public final class FakeViews implements ConversationViews, MembershipViews {
    final Map<ConversationKey, Conversation> conversations = new HashMap<>();
    final Map<ConversationKey, NavigableMap<String, Member>> members = new HashMap<>();
    final Map<ConversationKey, NavigableMap<String, Receipt>> receipts = new HashMap<>();
    final Map<ConversationKey, NavigableMap<Long, TimelineEvent>> events = new HashMap<>();
    public final Map<ConversationKey, NavigableMap<Long, NavigableMap<String, Annotation>>> annotations =
            new HashMap<>();
    private final Map<UserKey, NavigableMap<String, Member>> memberships = new HashMap<>();
    public final Map<UserKey, User> users = new HashMap<>();
    final Map<ConversationKey, Map<String, NavigableMap<Long, Reference>>> references = new HashMap<>();
    public final Map<MembershipKey, Personal> personal = new HashMap<>();
    public final Map<UserKey, NavigableMap<String, Block>> blocks = new HashMap<>();
    public final Map<UserKey, List<FollowedThread>> threads = new HashMap<>();
    public final Map<DeviceKey, Device> devices = new HashMap<>();
    public final NavigableMap<BanKey, Ban> bans = new TreeMap<>(
            Comparator.comparing(BanKey::tenant).thenComparing(BanKey::userId).thenComparing(BanKey::conversationId));
    public final NavigableMap<ReportKey, ReportedMessage> reports =
            new TreeMap<>(Comparator.comparing((ReportKey key) -> Bytes.wrap(key.toBytes())));
    public final Map<UserKey, Warnings> warnings = new HashMap<>();
    private int eventsRead;

    /// How many events were handed out so far.
    public int eventsRead() {
        return eventsRead;
    }

    void put(ConversationKey key, Member member) {
        members.computeIfAbsent(key, any -> new TreeMap<>()).put(member.getUserId(), member);
        memberships
                .computeIfAbsent(new UserKey(key.tenant(), member.getUserId()), any -> new TreeMap<>())
                .put(key.conversationId(), member);
    }

    void remove(ConversationKey key, String userId) {
        members.getOrDefault(key, new TreeMap<>()).remove(userId);
        receipts.getOrDefault(key, new TreeMap<>()).remove(userId);
        memberships
                .getOrDefault(new UserKey(key.tenant(), userId), new TreeMap<>())
                .remove(key.conversationId());
    }

    @Override
    public @Nullable Conversation conversation(ConversationKey key) {
        return conversations.get(key);
    }

    @Override
    public @Nullable Member member(MemberKey key) {
        return members.getOrDefault(key.conversation(), new TreeMap<>()).get(key.userId());
    }

    @Override
    public List<Member> members(ConversationKey key, String afterUserId, int limit) {
        return behind(members.getOrDefault(key, new TreeMap<>()), afterUserId, limit);
    }

    void put(AnnotationKey key, Annotation annotation) {
        annotations
                .computeIfAbsent(key.conversation(), any -> new TreeMap<>())
                .computeIfAbsent(key.sequenceNumber(), any -> new TreeMap<>())
                .put(key.userId(), annotation);
    }

    private NavigableMap<String, Annotation> added(ConversationKey key, long sequenceNumber) {
        return annotations.getOrDefault(key, new TreeMap<>()).getOrDefault(sequenceNumber, new TreeMap<>());
    }

    @Override
    public @Nullable Annotation annotation(AnnotationKey key) {
        return added(key.conversation(), key.sequenceNumber()).get(key.userId());
    }

    @Override
    public List<Annotation> additions(ConversationKey key, long sequenceNumber, String afterUserId, int limit) {
        return behind(added(key, sequenceNumber), afterUserId, limit);
    }

    @Override
    public @Nullable Receipt receipt(MemberKey key) {
        return receipts.getOrDefault(key.conversation(), new TreeMap<>()).get(key.userId());
    }

    @Override
    public List<Receipt> receipts(ConversationKey key, String afterUserId, int limit) {
        return behind(receipts.getOrDefault(key, new TreeMap<>()), afterUserId, limit);
    }

    @Override
    public List<Member> memberships(UserKey user, String afterConversationId, int limit) {
        return behind(memberships.getOrDefault(user, new TreeMap<>()), afterConversationId, limit);
    }

    @Override
    public boolean keepsAny(UserKey user, String afterConversationId) {
        return personal.keySet().stream()
                .anyMatch(key -> key.user().equals(user) && key.conversationId().compareTo(afterConversationId) > 0);
    }

    @Override
    public @Nullable Personal personal(MembershipKey key) {
        return personal.get(key);
    }

    @Override
    public List<Block> blocks(UserKey user, String afterUserId, int limit) {
        return behind(blocks.getOrDefault(user, new TreeMap<>()), afterUserId, limit);
    }

    @Override
    public boolean hasBlocked(BlockKey key) {
        return blocks.getOrDefault(key.user(), new TreeMap<>()).containsKey(key.blockedId());
    }

    @Override
    public List<Device> devices(UserKey user, int limit) {
        return devices.values().stream()
                .filter(device -> new UserKey(device.getTenant(), device.getUserId()).equals(user))
                .limit(limit)
                .toList();
    }

    @Override
    public @Nullable Ban ban(BanKey key) {
        return bans.get(key);
    }

    @Override
    public List<Ban> bans(BanKey after, int limit) {
        return bans.tailMap(after, false).entrySet().stream()
                .filter(entry -> entry.getKey().tenant().equals(after.tenant()))
                .map(Map.Entry::getValue)
                .limit(limit)
                .toList();
    }

    @Override
    public List<Ban> bansOf(BanKey ofTenant, int limit) {
        return bans.tailMap(ofTenant, false).entrySet().stream()
                .filter(entry -> entry.getKey().tenant().equals(ofTenant.tenant())
                        && entry.getKey().userId().equals(ofTenant.userId()))
                .map(Map.Entry::getValue)
                .limit(limit)
                .toList();
    }

    @Override
    public List<ReportedMessage> reports(ReportKey after, int limit) {
        return reports.tailMap(after, false).entrySet().stream()
                .filter(entry -> entry.getKey().tenant().equals(after.tenant())
                        && entry.getKey().decided() == after.decided())
                .map(Map.Entry::getValue)
                .limit(limit)
                .toList();
    }

    @Override
    public @Nullable Warnings warnings(UserKey user) {
        return warnings.get(user);
    }

    @Override
    public @Nullable Device device(DeviceKey key) {
        return devices.get(key);
    }

    @Override
    public @Nullable Member membership(MembershipKey key) {
        return memberships.getOrDefault(key.user(), new TreeMap<>()).get(key.conversationId());
    }

    @Override
    public @Nullable User user(UserKey user) {
        return users.get(user);
    }

    @Override
    public void events(ConversationKey key, long from, long to, Order order, Predicate<TimelineEvent> goesOn) {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("No range: " + from + ".." + to);
        }
        NavigableMap<Long, TimelineEvent> range =
                events.getOrDefault(key, new TreeMap<>()).subMap(from, true, to, true);
        Collection<TimelineEvent> ordered = switch (order) {
            case OLDEST_FIRST -> range.values();
            case NEWEST_FIRST -> range.descendingMap().values();
        };
        for (TimelineEvent event : ordered) {
            eventsRead++;
            if (!goesOn.test(event)) {
                return;
            }
        }
    }

    @Override
    public @Nullable Reference reference(ReferenceKey key) {
        return references
                .getOrDefault(key.conversation(), new TreeMap<>())
                .getOrDefault(key.list(), new TreeMap<>())
                .get(key.number());
    }

    @Override
    public List<FollowedThread> threads(UserKey user, int limit) {
        return threads.getOrDefault(user, List.of()).stream().limit(limit).toList();
    }

    @Override
    public boolean follows(FollowKey key) {
        return threads.getOrDefault(key.user(), List.of()).stream()
                .anyMatch(thread -> thread.getConversationId().equals(key.conversationId())
                        && thread.getRootId().equals(key.rootId()));
    }

    @Override
    public void references(ReferenceKey from, long to, Order order, Predicate<Reference> goesOn) {
        NavigableMap<Long, Reference> range = references
                .getOrDefault(from.conversation(), new TreeMap<>())
                .getOrDefault(from.list(), new TreeMap<>())
                .subMap(from.number(), true, to, true);
        Collection<Reference> ordered = switch (order) {
            case OLDEST_FIRST -> range.values();
            case NEWEST_FIRST -> range.descendingMap().values();
        };
        for (Reference reference : ordered) {
            if (!goesOn.test(reference)) {
                return;
            }
        }
    }

    private static <V> List<V> behind(NavigableMap<String, V> map, String after, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("A limit of " + limit);
        }
        return new ArrayList<>(
                map.tailMap(after, false).values().stream().limit(limit).toList());
    }
}
