package chat.milena.topology.sequencer;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.state.FirstSend;
import chat.milena.schemas.avro.IndexedMessage;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MessageKey;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.streams.run.StoreDamage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.StoreBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessageIndexTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration RETENTION = Duration.ofDays(30);

    @TempDir
    private Path stateFolder;

    private MockProcessorContext<Void, Void> context;
    private StateStore store;

    @BeforeEach
    void open() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "index-test");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.VoidSerde.class);
        settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.VoidSerde.class);
        context = new MockProcessorContext<>(settings, new TaskId(0, 0), stateFolder.toFile());
        StoreBuilder<?> builder =
                SequencerStores.builders(ShippedSchemas.load(), RETENTION, Map.of(), new StoreDamage(() -> {})).stream()
                        .filter(each -> each.name().equals(SequencerStores.MESSAGE_INDEX))
                        .findFirst()
                        .orElseThrow();
        store = builder.withLoggingDisabled().withCachingDisabled().build();
        store.init(context.getStateStoreContext(), store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void messageIdStandsForItsFirstSendForAsLongAsMessagesAreKept() {
        MessageIndex index = new MessageIndex(context);
        add(index, "m1", 1, NOON);
        add(index, "m2", 2, NOON.plus(Duration.ofDays(29)));

        assertThat(index.find(key("m1"))).isEqualTo(new FirstSend("alice", 1, NOON));
        assertThat(index.find(key("m3"))).isNull();
    }

    @Test
    void everyNewMessageIsRememberedAfterAClockThatRanAheadWasCorrected() {
        MessageIndex index = new MessageIndex(context);
        add(index, "ahead", 1, NOON.plus(Duration.ofDays(365)));
        add(index, "corrected", 2, NOON);
        assertThat(index.find(key("corrected"))).isEqualTo(new FirstSend("alice", 2, NOON));

        MessageIndex again = new MessageIndex(context);
        add(again, "after the task moved", 3, NOON.plusSeconds(1));

        assertThat(again.find(key("corrected"))).isNotNull();
        assertThat(again.find(key("after the task moved"))).isNotNull();
    }

    private static void add(MessageIndex index, String messageId, long number, Instant at) {
        index.add(
                key(messageId),
                new IndexedMessage(
                        "alice", number, at, 0L, 0L, 0L, 1, "member", null, null, 0L, null, null, null, null, null,
                        null, null, List.of(), null, null, 0L, 0L));
    }

    private static MessageKey key(String messageId) {
        return new MessageKey(new ConversationKey("t", "c"), messageId);
    }
}
