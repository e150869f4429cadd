package chat.milena.topology.moderation;

import chat.milena.schemas.avro.Member;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.streams.graph.TaskProcessor;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/// Notes since when each account is known: since its first membership. Nobody writes before. For the stream
/// thread.
///
/// **Bound:** one entry a user, for good: an account that leaves all its conversations does not become new again.
final class AccountProcessor implements TaskProcessor.Work<byte[], byte[]> {
    private final TopicSpec<MembershipKey, Member> memberships;
    private final KeyValueStore<UserKey, Long> accounts;

    AccountProcessor(ProcessorContext<Void, Void> context, TopicSpec<MembershipKey, Member> memberships) {
        this.memberships = memberships;
        this.accounts = context.getStateStore(ModerationTopology.ACCOUNTS);
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
        Long known = accounts.get(user);
        if (known == null || joined < known) {
            accounts.put(user, joined);
        }
    }
}
