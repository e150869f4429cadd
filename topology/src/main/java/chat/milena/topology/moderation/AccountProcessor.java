package chat.milena.topology.moderation;

import chat.milena.schemas.avro.Member;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.TopicSpec;
import java.util.Objects;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Notes since when each account is known: since its first membership. Nobody writes before. For the stream
/// thread.
///
/// **Bound:** one entry a user, for good: an account that leaves all its conversations does not become new again.
final class AccountProcessor implements Processor<byte[], byte[], Void, Void> {
    private final TopicSpec<MembershipKey, Member> memberships;
    private @Nullable KeyValueStore<UserKey, Long> accounts;

    AccountProcessor(TopicSpec<MembershipKey, Member> memberships) {
        this.memberships = memberships;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        accounts = context.getStateStore(ModerationTopology.ACCOUNTS);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (record.key() == null || record.value() == null) {
            return;
        }
        UserKey user;
        long joined;
        try {
            user = MembershipKey.fromBytes(record.key()).user();
            Member member = memberships.values().deserializer().deserialize(memberships.name(), record.value());
            joined = member.getJoinedAt().toEpochMilli();
        } catch (SerializationException e) {
            // The views make a dead letter of it.
            return;
        }
        KeyValueStore<UserKey, Long> store = Objects.requireNonNull(accounts);
        Long known = store.get(user);
        if (known == null || joined < known) {
            store.put(user, joined);
        }
    }
}
