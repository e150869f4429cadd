package chat.milena.topology.users;

import chat.milena.conversation.command.Answer;
import chat.milena.conversation.person.Profile;
import chat.milena.conversation.person.UserChange;
import chat.milena.schemas.avro.Block;
import chat.milena.schemas.avro.ChangedBlock;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.BlockKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.CommandKind;
import chat.milena.topology.delivery.Outcomes;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Saves and publishes the state of users, and notifies their own devices. The only class that writes it. For the
/// stream thread.
final class UserWriter {
    private static final String NO_CONVERSATION = "";
    private static final String NOBODY = "";
    private final ProcessorContext<LogKey, SpecificRecord> context;
    private static final Serializer<byte[]> PREFIX = new ByteArraySerializer();

    private final KeyValueStore<UserKey, User> profiles;
    private final KeyValueStore<BlockKey, Block> blocks;
    private final int shards;

    UserWriter(ProcessorContext<LogKey, SpecificRecord> context, int shards) {
        this.context = context;
        this.profiles = context.getStateStore(UserStores.PROFILES);
        this.blocks = context.getStateStore(UserStores.BLOCKS);
        this.shards = shards;
    }

    @Nullable
    Profile profile(UserKey user) {
        User stored = profiles.get(user);
        return stored == null
                ? null
                : new Profile(stored.getName(), stored.getAvatarUrl(), stored.getCustom(), stored.getUpdatedAt());
    }

    /// Applies a decision on a profile, and answers; an unchanged profile notifies nobody.
    void apply(InboundCommand inbound, UserKey user, UserChange<Profile> change, Instant now) {
        Profile profile = change.next();
        User next = new User(
                user.tenant(),
                user.userId(),
                profile.name(),
                profile.avatarUrl(),
                profile.custom(),
                profile.updatedAt(),
                null);
        if (change.isChange()) {
            profiles.put(user, next);
            emit(UserTopology.USERS, user, next, now);
        }
        Delivery delivery = delivery(inbound, answer(change, profile.updatedAt()));
        delivery.setRecipients(change.isChange() ? List.of(user.userId()) : List.of());
        delivery.setUser(next);
        emit(UserTopology.DELIVERIES, user.shard(shards), delivery, now);
    }

    /// Since when somebody is blocked; null if they are not.
    @Nullable
    Instant blockedSince(BlockKey key) {
        Block stored = blocks.get(key);
        return stored == null ? null : stored.getCreatedAt();
    }

    /// How many a user has blocked.
    int blocks(UserKey user) {
        int count = 0;
        try (KeyValueIterator<BlockKey, Block> range = blocks.prefixScan(new BlockKey(user, "").toBytes(), PREFIX)) {
            for (; range.hasNext(); range.next()) {
                count++;
            }
        }
        return count;
    }

    /// Applies what was decided on a block, and answers. Whatever one of the two can do to the other in their
    /// direct conversation is decided by its sequencer: it is sent the block by the log of commands, in this
    /// transaction.
    void apply(InboundCommand inbound, BlockKey key, boolean blocked, Answer answer, Instant now) {
        UserKey user = key.user();
        Delivery own = delivery(inbound, answer);
        if (answer instanceof Answer.Accepted) {
            Block next = blocked ? new Block(user.tenant(), user.userId(), key.blockedId(), now) : null;
            blocks.put(key, next);
            emit(UserTopology.BLOCKS, key, next, now);
            InboundCommand command = ofDirectConversation(inbound, key);
            emit(UserTopology.INBOUND, new ConversationKey(user.tenant(), command.getConversationId()), command, now);
            ChangedBlock changed = new ChangedBlock(user.userId(), key.blockedId(), blocked);
            own.setBlock(changed);
            own.setRecipients(List.of(user.userId()));
            UserKey other = new UserKey(user.tenant(), key.blockedId());
            Delivery parting = new Delivery();
            parting.setTenant(user.tenant());
            parting.setConversationId(NO_CONVERSATION);
            parting.setRecipients(List.of());
            parting.setBlock(changed);
            emit(UserTopology.DELIVERIES, other.shard(shards), parting, now);
        }
        emit(UserTopology.DELIVERIES, user.shard(shards), own, now);
    }

    /// Nobody waits for its outcome.
    private static InboundCommand ofDirectConversation(InboundCommand inbound, BlockKey key) {
        InboundCommand command = new InboundCommand();
        command.setTenant(inbound.getTenant());
        command.setConversationId(
                Ids.directConversation(inbound.getTenant(), key.user().userId(), key.blockedId()));
        command.setUserId(inbound.getUserId());
        command.setKind(CommandKind.MEMBER_BLOCK.word());
        command.setActorKind(inbound.getActorKind());
        command.setOrigin(new CommandOrigin(NOBODY, NOBODY, 0L));
        command.setAcceptedAt(inbound.getAcceptedAt());
        command.setBlock(inbound.getBlock());
        return command;
    }

    /// Answers a command that changes nothing.
    void answer(InboundCommand inbound, Answer answer, Instant now) {
        UserKey user = new UserKey(inbound.getTenant(), inbound.getUserId());
        emit(UserTopology.DELIVERIES, user.shard(shards), delivery(inbound, answer), now);
    }

    private static Answer answer(UserChange<?> change, Instant since) {
        return change.isChange() ? new Answer.Accepted(0, since) : new Answer.Duplicate(0, since);
    }

    private static Delivery delivery(InboundCommand inbound, Answer answer) {
        Delivery delivery = new Delivery();
        delivery.setTenant(inbound.getTenant());
        delivery.setConversationId(inbound.getConversationId());
        delivery.setRecipients(List.of());
        delivery.setOutcome(Outcomes.of(inbound, answer));
        return delivery;
    }

    private void emit(String sink, LogKey key, @Nullable SpecificRecord value, Instant timestamp) {
        context.forward(new Record<>(key, value, timestamp.toEpochMilli()), sink);
    }
}
