package chat.milena.topology.users;

import chat.milena.conversation.command.Answer;
import chat.milena.conversation.person.Profile;
import chat.milena.conversation.person.UserChange;
import chat.milena.schemas.avro.Block;
import chat.milena.schemas.avro.ChangedBlock;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.NotificationSettings;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.BlockKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Saves and publishes the state of users, and notifies their own devices. The only class that writes it. For the
/// stream thread.
final class UserWriter {
    /// When a user without a profile, who has settings, changed the profile last.
    private static final Instant NO_PROFILE = Instant.EPOCH;

    private static final Serializer<byte[]> PREFIX = new ByteArraySerializer();

    private final UserOutput output;
    private final KeyValueStore<UserKey, User> profiles;
    private final KeyValueStore<BlockKey, Block> blocks;

    UserWriter(UserOutput output) {
        this.output = output;
        this.profiles = output.store(UserStores.PROFILES);
        this.blocks = output.store(UserStores.BLOCKS);
    }

    /// The profile of a user who has set one.
    @Nullable
    Profile profile(UserKey user) {
        User stored = profiles.get(user);
        return stored == null || stored.getUpdatedAt().equals(NO_PROFILE)
                ? null
                : new Profile(stored.getName(), stored.getAvatarUrl(), stored.getCustom(), stored.getUpdatedAt());
    }

    /// The settings of notifications of a user who has set them.
    @Nullable
    NotificationSettings notifications(UserKey user) {
        User stored = profiles.get(user);
        return stored == null ? null : stored.getNotifications();
    }

    /// Applies a decision on a profile, and answers; an unchanged profile notifies nobody.
    void apply(InboundCommand inbound, UserKey user, UserChange<Profile> change, Instant now) {
        Profile profile = change.next();
        if (change.isChange()) {
            save(user, user(user, profile, notifications(user)), now);
        }
        Delivery delivery = UserOutput.delivery(inbound, answer(change, profile.updatedAt()));
        delivery.setRecipients(change.isChange() ? List.of(user.userId()) : List.of());
        // Others see the profile, but not the settings.
        delivery.setUser(user(user, profile, null));
        output.deliver(user, delivery, now);
    }

    /// Saves settings of notifications, and answers; the same again notifies nobody.
    void apply(InboundCommand inbound, UserKey user, NotificationSettings settings, Instant now) {
        boolean isChange = !settings.equals(notifications(user));
        Profile profile = profile(user);
        User next = user(user, profile == null ? new Profile(null, null, null, NO_PROFILE) : profile, settings);
        if (isChange) {
            save(user, next, now);
        }
        Delivery delivery =
                UserOutput.delivery(inbound, isChange ? new Answer.Accepted(0, now) : new Answer.Duplicate(0, now));
        delivery.setRecipients(isChange ? List.of(user.userId()) : List.of());
        delivery.setUser(next);
        output.deliver(user, delivery, now);
    }

    private static User user(UserKey user, Profile profile, @Nullable NotificationSettings settings) {
        return new User(
                user.tenant(),
                user.userId(),
                profile.name(),
                profile.avatarUrl(),
                profile.custom(),
                profile.updatedAt(),
                settings);
    }

    private void save(UserKey user, User next, Instant now) {
        profiles.put(user, next);
        output.emit(UserTopology.USERS, user, next, now);
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
        Delivery own = UserOutput.delivery(inbound, answer);
        if (answer instanceof Answer.Accepted) {
            Block next = blocked ? new Block(user.tenant(), user.userId(), key.blockedId(), now) : null;
            blocks.put(key, next);
            output.emit(UserTopology.BLOCKS, key, next, now);
            InboundCommand command = ofDirectConversation(inbound, key, now);
            output.emit(
                    UserTopology.INBOUND,
                    new ConversationKey(user.tenant(), command.getConversationId()),
                    command,
                    now);
            ChangedBlock changed = new ChangedBlock(user.userId(), key.blockedId(), blocked);
            own.setBlock(changed);
            own.setRecipients(List.of(user.userId()));
            UserKey other = new UserKey(user.tenant(), key.blockedId());
            Delivery parting = new Delivery();
            parting.setTenant(user.tenant());
            parting.setConversationId(UserOutput.NO_CONVERSATION);
            parting.setRecipients(List.of());
            parting.setBlock(changed);
            output.deliver(other, parting, now);
        }
        output.deliver(user, own, now);
    }

    private static InboundCommand ofDirectConversation(InboundCommand inbound, BlockKey key, Instant now) {
        InboundCommand command = UserOutput.block(key.user(), now);
        command.setConversationId(
                Ids.directConversation(inbound.getTenant(), key.user().userId(), key.blockedId()));
        command.setActorKind(inbound.getActorKind());
        command.setAcceptedAt(inbound.getAcceptedAt());
        command.setBlock(inbound.getBlock());
        return command;
    }

    /// Answers a command that changes nothing.
    void answer(InboundCommand inbound, Answer answer, Instant now) {
        output.deliver(
                new UserKey(inbound.getTenant(), inbound.getUserId()), UserOutput.delivery(inbound, answer), now);
    }

    private static Answer answer(UserChange<?> change, Instant since) {
        return change.isChange() ? new Answer.Accepted(0, since) : new Answer.Duplicate(0, since);
    }
}
