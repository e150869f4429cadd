package chat.milena.topology.users;

import chat.milena.conversation.command.Answer;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ActorKind;
import chat.milena.schemas.word.CommandKind;
import chat.milena.topology.delivery.Outcomes;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// What the writers of users' state share: stores, sinks and the records for them. For the stream thread.
///
/// @param shards the number of shards of users
record UserOutput(ProcessorContext<LogKey, SpecificRecord> context, int shards) {
    static final String NO_CONVERSATION = "";
    private static final String NOBODY = "";

    <K, V> KeyValueStore<K, V> store(String name) {
        return context.getStateStore(name);
    }

    void emit(String sink, LogKey key, @Nullable SpecificRecord value, Instant timestamp) {
        context.forward(new Record<>(key, value, timestamp.toEpochMilli()), sink);
    }

    void deliver(UserKey user, Delivery delivery, Instant now) {
        emit(UserTopology.DELIVERIES, user.shard(shards), delivery, now);
    }

    /// A delivery that answers a command.
    static Delivery delivery(InboundCommand inbound, Answer answer) {
        Delivery delivery = new Delivery();
        delivery.setTenant(inbound.getTenant());
        delivery.setConversationId(inbound.getConversationId());
        delivery.setRecipients(List.of());
        delivery.setOutcome(Outcomes.of(inbound, answer));
        return delivery;
    }

    /// A command for the sequencer of a direct conversation.
    static InboundCommand block(UserKey user, Instant now) {
        return command(user, CommandKind.MEMBER_BLOCK, now);
    }

    /// A command on a device of the user.
    static InboundCommand device(UserKey user, Instant now) {
        return command(user, CommandKind.USER_DEVICE, now);
    }

    /// A claim on the address of a registration, or its release.
    static InboundCommand claim(UserKey user, Instant now) {
        return command(user, CommandKind.PUSH_CLAIM, now);
    }

    /// Nobody waits for its outcome.
    private static InboundCommand command(UserKey user, CommandKind kind, Instant now) {
        InboundCommand command = new InboundCommand();
        command.setTenant(user.tenant());
        command.setConversationId(NO_CONVERSATION);
        command.setUserId(user.userId());
        command.setKind(kind.word());
        command.setActorKind(ActorKind.MEMBER.word());
        command.setOrigin(new CommandOrigin(NOBODY, NOBODY, 0L));
        command.setAcceptedAt(now);
        return command;
    }
}
