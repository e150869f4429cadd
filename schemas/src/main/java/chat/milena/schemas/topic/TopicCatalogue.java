package chat.milena.schemas.topic;

import chat.milena.schemas.avro.Annotation;
import chat.milena.schemas.avro.Ban;
import chat.milena.schemas.avro.Block;
import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.DeadLetter;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.Device;
import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.avro.FollowedThread;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.ModerationEvent;
import chat.milena.schemas.avro.Personal;
import chat.milena.schemas.avro.PushIntent;
import chat.milena.schemas.avro.PushResult;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.Reference;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.avro.SentMessage;
import chat.milena.schemas.avro.Tenant;
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
import chat.milena.schemas.key.KeySerde;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.RawKey;
import chat.milena.schemas.key.ReferenceKey;
import chat.milena.schemas.key.ReportKey;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.key.TenantKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.wire.AvroSerde;
import chat.milena.schemas.wire.SchemaIds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// Every topic of an installation, and the only place that spells their names. Immutable, safe for all threads.
///
/// All topics that are partitioned by conversation have the same number of partitions, so that one conversation is
/// in the partition of the same number everywhere.
public final class TopicCatalogue {
    /// The largest batch of any topic: topics whose records extend a record of another topic take more than the
    /// others.
    public static final int EXTENDED_BATCH_BYTES_MAX = 3 << 20;

    private static final Duration INBOUND_RETENTION = Duration.ofDays(7);
    private static final Duration DELIVERIES_RETENTION = Duration.ofHours(1);
    private static final Duration FANOUT_RETENTION = Duration.ofDays(1);
    private static final Duration PUSH_RETENTION = Duration.ofDays(2);
    private static final Duration SENDS_RETENTION = Duration.ofDays(1);
    private static final Duration DEAD_LETTERS_RETENTION = Duration.ofDays(30);
    /// The audit is kept for good.
    private static final Duration FOR_GOOD = Duration.ofMillis(-1);

    private static final int ONE_PARTITION = 1;
    private static final int BATCH_BYTES_MAX = 1 << 20;

    private final SchemaIds ids;
    private final Sizing sizing;

    private final TopicSpec<ConversationKey, InboundCommand> inbound;
    private final TopicSpec<EventKey, TimelineEvent> messages;
    private final TopicSpec<AnnotationKey, Annotation> annotations;
    private final TopicSpec<ConversationKey, Conversation> conversations;
    private final TopicSpec<MemberKey, Member> members;
    private final TopicSpec<MembershipKey, Member> memberships;
    private final TopicSpec<MemberKey, Receipt> receipts;
    private final TopicSpec<ReferenceKey, Reference> references;
    private final TopicSpec<UserKey, InboundCommand> userCommands;
    private final TopicSpec<UserKey, User> users;
    private final TopicSpec<MembershipKey, Personal> personal;
    private final TopicSpec<BlockKey, Block> blocks;
    private final TopicSpec<FollowKey, FollowedThread> threads;
    private final TopicSpec<BanKey, Ban> bans;
    private final TopicSpec<UserKey, ModerationEvent> moderation;
    private final TopicSpec<TenantKey, Tenant> tenants;
    private final TopicSpec<UserKey, SentMessage> sends;
    private final TopicSpec<ReportKey, ReportedMessage> reports;
    private final TopicSpec<UserKey, Warnings> warnings;
    private final TopicSpec<DeviceKey, Device> devices;
    private final TopicSpec<DeviceKey, PushIntent> push;
    private final TopicSpec<DeviceKey, PushResult> pushResults;
    private final TopicSpec<ConversationKey, FanoutEvent> fanout;
    private final TopicSpec<ShardKey, Delivery> deliveries;
    private final TopicSpec<RawKey, DeadLetter> deadLetters;

    public TopicCatalogue(Sizing sizing, SchemaIds ids) {
        this.ids = ids;
        this.sizing = sizing;
        int byConversation = sizing.conversationPartitions();
        int byUser = sizing.userPartitions();
        inbound = kept(
                "chat.inbound.v1", byConversation, INBOUND_RETENTION, ConversationKey::fromBytes, InboundCommand.class);
        messages = erasable("chat.messages.v1", byConversation, EventKey::fromBytes, TimelineEvent.class);
        annotations = erasable("chat.annotations.v1", byConversation, AnnotationKey::fromBytes, Annotation.class);
        conversations =
                compact("chat.conversations.v1", byConversation, ConversationKey::fromBytes, Conversation.class);
        members = compact("chat.members.v1", byConversation, MemberKey::fromBytes, Member.class);
        memberships = compact("chat.memberships.v1", byUser, MembershipKey::fromBytes, Member.class);
        receipts = compact("chat.receipts.v1", byConversation, MemberKey::fromBytes, Receipt.class);
        references = topic(
                "chat.references.v1",
                byConversation,
                Cleanup.COMPACT_AND_DELETE,
                sizing.messageRetention(),
                ReferenceKey::fromBytes,
                Reference.class);
        userCommands =
                kept("chat.user-commands.v1", byUser, INBOUND_RETENTION, UserKey::fromBytes, InboundCommand.class);
        users = compact("chat.users.v1", byUser, UserKey::fromBytes, User.class);
        threads = compact("chat.threads.v1", byUser, FollowKey::fromBytes, FollowedThread.class);
        personal = compact("chat.personal.v1", byUser, MembershipKey::fromBytes, Personal.class);
        blocks = compact("chat.blocks.v1", byUser, BlockKey::fromBytes, Block.class);
        bans = compact("chat.bans.v1", byUser, BanKey::fromBytes, Ban.class);
        reports = erasable("chat.reports.v1", byUser, ReportKey::fromBytes, ReportedMessage.class);
        warnings = compact("chat.warnings.v1", byUser, UserKey::fromBytes, Warnings.class);
        moderation = kept("chat.moderation.v1", byUser, FOR_GOOD, UserKey::fromBytes, ModerationEvent.class);
        tenants = topic(
                "chat.tenants.v1",
                ONE_PARTITION,
                Cleanup.COMPACT,
                null,
                null,
                EXTENDED_BATCH_BYTES_MAX,
                TenantKey::fromBytes,
                Tenant.class);
        sends = kept("chat.sends.v1", byUser, SENDS_RETENTION, UserKey::fromBytes, SentMessage.class);
        devices = compact("chat.devices.v1", byUser, DeviceKey::fromBytes, Device.class);
        push = kept("chat.push.v1", sizing.shards(), PUSH_RETENTION, DeviceKey::fromBytes, PushIntent.class);
        pushResults =
                kept("chat.push-results.v1", sizing.shards(), PUSH_RETENTION, DeviceKey::fromBytes, PushResult.class);
        fanout =
                kept("chat.fanout.v1", byConversation, FANOUT_RETENTION, ConversationKey::fromBytes, FanoutEvent.class);
        deliveries = topic(
                "chat.deliveries.v1",
                sizing.shards(),
                Cleanup.DELETE,
                DELIVERIES_RETENTION,
                null,
                EXTENDED_BATCH_BYTES_MAX,
                ShardKey::fromBytes,
                Delivery.class);
        deadLetters = topic(
                "chat.dead-letters.v1",
                ONE_PARTITION,
                Cleanup.DELETE,
                DEAD_LETTERS_RETENTION,
                null,
                EXTENDED_BATCH_BYTES_MAX,
                RawKey::new,
                DeadLetter.class);
    }

    /// Commands as gateways accepted them; by conversation.
    public TopicSpec<ConversationKey, InboundCommand> inbound() {
        return inbound;
    }

    /// The canonical log: one timeline event a sequence number; by conversation.
    public TopicSpec<EventKey, TimelineEvent> messages() {
        return messages;
    }

    /// What others added to messages, for as long as messages are kept; by conversation.
    public TopicSpec<AnnotationKey, Annotation> annotations() {
        return annotations;
    }

    /// Current state of each conversation.
    public TopicSpec<ConversationKey, Conversation> conversations() {
        return conversations;
    }

    /// The members of each conversation; by conversation.
    public TopicSpec<MemberKey, Member> members() {
        return members;
    }

    /// The members of each conversation; by user.
    public TopicSpec<MembershipKey, Member> memberships() {
        return memberships;
    }

    /// The watermarks of each member of each conversation; by conversation.
    public TopicSpec<MemberKey, Receipt> receipts() {
        return receipts;
    }

    /// Lists of messages: mentions, replies and deleted ones; by conversation.
    public TopicSpec<ReferenceKey, Reference> references() {
        return references;
    }

    /// Commands of users on their own state, as gateways accepted them; by user.
    public TopicSpec<UserKey, InboundCommand> userCommands() {
        return userCommands;
    }

    /// The profile of each user; by user.
    public TopicSpec<UserKey, User> users() {
        return users;
    }

    /// Each user's own state of each conversation; by user.
    public TopicSpec<MembershipKey, Personal> personal() {
        return personal;
    }

    /// Whom each user has blocked; by user.
    public TopicSpec<BlockKey, Block> blocks() {
        return blocks;
    }

    /// Which threads each user follows, and how far they have read them; by user.
    public TopicSpec<FollowKey, FollowedThread> threads() {
        return threads;
    }

    /// Who is banned; by tenant.
    public TopicSpec<BanKey, Ban> bans() {
        return bans;
    }

    /// Who decided what in the moderation of a tenant, when and why, for good; by tenant.
    public TopicSpec<UserKey, ModerationEvent> moderation() {
        return moderation;
    }

    /// What the hosts of tenants have set, such as rules of moderation; by tenant. Few: one partition.
    public TopicSpec<TenantKey, Tenant> tenants() {
        return tenants;
    }

    /// Messages, for the rules about their senders; with their content only where one of those flags. By user.
    public TopicSpec<UserKey, SentMessage> sends() {
        return sends;
    }

    /// The queue of the moderators, for as long as messages are kept; by tenant.
    public TopicSpec<ReportKey, ReportedMessage> reports() {
        return reports;
    }

    /// The warnings that each user is still to be shown; by user.
    public TopicSpec<UserKey, Warnings> warnings() {
        return warnings;
    }

    /// Push registrations and signed-out devices; by user.
    public TopicSpec<DeviceKey, Device> devices() {
        return devices;
    }

    /// Notifications that are to be sent to devices now; by user, partitioned as the deliveries.
    public TopicSpec<DeviceKey, PushIntent> push() {
        return push;
    }

    /// What became of each of them; by user, partitioned as the deliveries.
    public TopicSpec<DeviceKey, PushResult> pushResults() {
        return pushResults;
    }

    /// Events of large groups, to be expanded outside the sequencer; by conversation.
    public TopicSpec<ConversationKey, FanoutEvent> fanout() {
        return fanout;
    }

    /// Deliveries that gateways must write to sockets now; by shard.
    public TopicSpec<ShardKey, Delivery> deliveries() {
        return deliveries;
    }

    /// Records that could not be handled, with reason and origin, under their original key, which may be missing.
    /// Few: one partition, so that they are read in order.
    public TopicSpec<RawKey, DeadLetter> deadLetters() {
        return deadLetters;
    }

    /// All topics, in the order in which a message reaches them.
    public List<TopicSpec<?, ?>> all() {
        return List.of(
                inbound,
                messages,
                annotations,
                conversations,
                members,
                memberships,
                receipts,
                references,
                userCommands,
                users,
                personal,
                blocks,
                threads,
                bans,
                moderation,
                tenants,
                sends,
                reports,
                warnings,
                devices,
                fanout,
                deliveries,
                push,
                pushResults,
                deadLetters);
    }

    /// Topics whose partitions belong together, by what their keys begin with. A shard is a hash of a user.
    public Map<String, List<TopicSpec<?, ?>>> groups() {
        return Map.of(
                "conversation",
                List.of(inbound, messages, annotations, conversations, members, receipts, references, fanout),
                "user",
                List.of(
                        memberships,
                        userCommands,
                        users,
                        personal,
                        blocks,
                        threads,
                        sends,
                        warnings,
                        devices,
                        deliveries,
                        push,
                        pushResults));
    }

    private <K extends LogKey, V extends SpecificRecord> TopicSpec<K, V> kept(
            String name, int partitions, Duration retention, Function<byte[], K> parseKey, Class<V> value) {
        return topic(name, partitions, Cleanup.DELETE, retention, parseKey, value);
    }

    private <K extends LogKey, V extends SpecificRecord> TopicSpec<K, V> compact(
            String name, int partitions, Function<byte[], K> parseKey, Class<V> value) {
        return topic(name, partitions, Cleanup.COMPACT, null, parseKey, value);
    }

    /// For what people wrote: what is overwritten is gone from the disk within a stated time.
    private <K extends LogKey, V extends SpecificRecord> TopicSpec<K, V> erasable(
            String name, int partitions, Function<byte[], K> parseKey, Class<V> value) {
        return topic(
                name,
                partitions,
                Cleanup.COMPACT_AND_DELETE,
                sizing.messageRetention(),
                sizing.eraseWithin(),
                BATCH_BYTES_MAX,
                parseKey,
                value);
    }

    private <K extends LogKey, V extends SpecificRecord> TopicSpec<K, V> topic(
            String name,
            int partitions,
            Cleanup cleanup,
            @Nullable Duration retention,
            Function<byte[], K> parseKey,
            Class<V> value) {
        return topic(name, partitions, cleanup, retention, null, BATCH_BYTES_MAX, parseKey, value);
    }

    private <K extends LogKey, V extends SpecificRecord> TopicSpec<K, V> topic(
            String name,
            int partitions,
            Cleanup cleanup,
            @Nullable Duration retention,
            @Nullable Duration eraseWithin,
            int batchBytesMax,
            Function<byte[], K> parseKey,
            Class<V> value) {
        return new TopicSpec<>(
                name,
                partitions,
                sizing.replicationFactor(),
                sizing.minInsyncReplicas(),
                new TopicSpec.Life(cleanup, retention, eraseWithin),
                batchBytesMax,
                new KeySerde<>(parseKey),
                // Sequencers and push workers of the version before read those of processes of this one.
                new AvroSerde<>(value, ids, value == InboundCommand.class || value == PushIntent.class));
    }
}
