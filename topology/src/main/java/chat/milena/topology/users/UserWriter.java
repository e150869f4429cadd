package chat.milena.topology.users;

import chat.milena.conversation.command.Answer;
import chat.milena.conversation.person.Profile;
import chat.milena.conversation.person.UserChange;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.topology.delivery.Outcomes;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Saves and publishes the state of users, and notifies their own devices. The only place that writes it. For the
/// stream thread alone.
final class UserWriter {
    private final ProcessorContext<LogKey, SpecificRecord> context;
    private final KeyValueStore<UserKey, User> profiles;
    private final int shards;

    UserWriter(ProcessorContext<LogKey, SpecificRecord> context, int shards) {
        this.context = context;
        this.profiles = context.getStateStore(UserStores.PROFILES);
        this.shards = shards;
    }

    @Nullable
    Profile profile(UserKey user) {
        User stored = profiles.get(user);
        return stored == null
                ? null
                : new Profile(stored.getName(), stored.getAvatarUrl(), stored.getCustom(), stored.getUpdatedAt());
    }

    /// Applies what was decided on a profile, and answers; a profile that stays as it is notifies nobody.
    void apply(InboundCommand inbound, UserKey user, UserChange<Profile> change, Instant now) {
        Profile profile = change.next();
        User next = new User(
                user.tenant(),
                user.userId(),
                profile.name(),
                profile.avatarUrl(),
                profile.custom(),
                profile.updatedAt());
        if (change.isChange()) {
            profiles.put(user, next);
            emit(UserTopology.USERS, user, next, now);
        }
        Delivery delivery = delivery(inbound, answer(change, profile.updatedAt()));
        delivery.setRecipients(change.isChange() ? List.of(user.userId()) : List.of());
        delivery.setUser(next);
        emit(UserTopology.DELIVERIES, user.shard(shards), delivery, now);
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

    private void emit(String sink, LogKey key, SpecificRecord value, Instant timestamp) {
        context.forward(new Record<>(key, value, timestamp.toEpochMilli()), sink);
    }
}
