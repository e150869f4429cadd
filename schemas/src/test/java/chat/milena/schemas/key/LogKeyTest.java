package chat.milena.schemas.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.Random;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class LogKeyTest {
    private static final ConversationKey CONVERSATION = new ConversationKey("acme", "grp_1");

    @Test
    void keysComeBackAsTheyWere() {
        EventKey event = new EventKey(CONVERSATION, 0x0102_0003_0000_00FFL);
        MemberKey member = new MemberKey(CONVERSATION, "alice");
        MembershipKey membership = new MembershipKey(new UserKey("acme", "alice"), "grp_1");
        MessageKey message = new MessageKey(CONVERSATION, "m:1");

        BanKey ban = new BanKey("acme", "bob", "");
        ReportKey report = new ReportKey("acme", true, 0x0102_0003_0000_00FFL, "grp_1", "m:1");

        assertThat(BanKey.fromBytes(ban.toBytes())).isEqualTo(ban);
        assertThat(ReportKey.fromBytes(report.toBytes())).isEqualTo(report);
        assertThat(report.toBytes()).startsWith(ReportKey.prefix("acme", true));
        assertThat(ConversationKey.fromBytes(CONVERSATION.toBytes())).isEqualTo(CONVERSATION);
        assertThat(EventKey.fromBytes(event.toBytes())).isEqualTo(event);
        assertThat(MemberKey.fromBytes(member.toBytes())).isEqualTo(member);
        assertThat(MembershipKey.fromBytes(membership.toBytes())).isEqualTo(membership);
        assertThat(MessageKey.fromBytes(message.toBytes())).isEqualTo(message);
        assertThat(ShardKey.fromBytes(new ShardKey(513).toBytes())).isEqualTo(new ShardKey(513));
    }

    @Test
    void eventsSortByConversationThenByNumber() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            long first = random.nextLong(1, 1L << random.nextInt(2, 60));
            long second = random.nextLong(1, 1L << random.nextInt(2, 60));
            int order = Arrays.compareUnsigned(
                    new EventKey(CONVERSATION, first).toBytes(), new EventKey(CONVERSATION, second).toBytes());

            assertThat(Integer.signum(order)).as("seed %d", seed).isEqualTo(Long.compare(first, second));
        }
        byte[] last = new EventKey(new ConversationKey("acme", "grp_1"), Long.MAX_VALUE).toBytes();
        byte[] next = new EventKey(new ConversationKey("acme", "grp_10"), 1).toBytes();
        assertThat(Arrays.compareUnsigned(last, next)).isNegative();
    }

    @Test
    void membersPrefixCoversItsConversationAlone() {
        byte[] prefix = MemberKey.prefix(CONVERSATION);

        assertThat(new MemberKey(CONVERSATION, "alice").toBytes()).startsWith(prefix);
        byte[] other = new MemberKey(new ConversationKey("acme", "grp_10"), "alice").toBytes();
        assertThat(Arrays.mismatch(other, prefix)).isBetween(0, prefix.length - 1);
    }

    @Test
    void whatBelongsToAConversationSharesItsPartition() {
        int partition = CONVERSATION.partition(16);

        assertThat(new EventKey(CONVERSATION, 9).partition(16)).isEqualTo(partition);
        assertThat(new MemberKey(CONVERSATION, "bob").partition(16)).isEqualTo(partition);
        assertThat(new MessageKey(CONVERSATION, "m").partition(16)).isEqualTo(partition);
    }

    @Test
    void sameUserOfAnotherTenantIsAnotherUser() {
        assertThat(new UserKey("a", "bc").toBytes()).isNotEqualTo(new UserKey("ab", "c").toBytes());
    }

    @Test
    void otherBytesAreRefused() {
        byte[] bytes = {'a', 'b'};

        assertThatExceptionOfType(SerializationException.class).isThrownBy(() -> ConversationKey.fromBytes(bytes));
        assertThatExceptionOfType(SerializationException.class).isThrownBy(() -> EventKey.fromBytes(bytes));
        assertThatExceptionOfType(SerializationException.class).isThrownBy(() -> MemberKey.fromBytes(bytes));
        assertThatExceptionOfType(SerializationException.class).isThrownBy(() -> ShardKey.fromBytes(bytes));
    }

    @Test
    void rawKeyIsWhateverCameAndNothingElseCanChangeIt() {
        byte[] bytes = {1, 0, -1};
        RawKey key = new RawKey(bytes);
        bytes[0] = 9;
        key.toBytes()[1] = 9;

        assertThat(key.toBytes()).containsExactly(1, 0, -1);
        assertThat(key).isEqualTo(new RawKey(key.toBytes())).hasToString("0100ff");
    }

    @Test
    void recordMayHaveNoKey() {
        KeySerde<RawKey> serde = new KeySerde<>(RawKey::new);

        assertThat(serde.serializer().serialize("t", null)).isNull();
        assertThat(serde.deserializer().deserialize("t", (byte[]) null)).isNull();
    }

    @Test
    void shardBeyondTheTopicIsRefused() {
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> new ShardKey(4).partition(4));
    }
}
