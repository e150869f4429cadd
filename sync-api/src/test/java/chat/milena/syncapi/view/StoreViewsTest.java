package chat.milena.syncapi.view;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.FakeViews;
import chat.milena.syncapi.read.Read.Order;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class StoreViewsTest {
    private static final byte[] JUNK = "what somebody said".getBytes(StandardCharsets.US_ASCII);

    private final TopicCatalogue topics = new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final KeyValueStore<Bytes, byte[]> store =
            Stores.inMemoryKeyValueStore("one").get();
    private final StoreViews views = new StoreViews(topics, view -> store, new UnreadableValues(meters));
    private final Logger logger = (Logger) LoggerFactory.getLogger(UnreadableValues.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final FakeViews written = new FakeViews();
    private final ConversationKey key = FakeConversation.group(written, "g", "alice", "bob")
            .saysTimes(3, "alice")
            .key();

    @BeforeEach
    void start() {
        logger.setLevel(Level.WARN);
        logger.setAdditive(false);
        log.start();
        logger.addAppender(log);
        for (TimelineEvent event : written.events(key, 1, 4, 10, Order.OLDEST_FIRST)) {
            put(
                    event.getSequenceNumber(),
                    topics.messages().values().serializer().serialize("messages", event));
        }
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        logger.setLevel(null);
        logger.setAdditive(true);
    }

    private void put(long number, byte[] value) {
        store.put(Bytes.wrap(new EventKey(key, number).toBytes()), value);
    }

    private double unreadable() {
        return meters.get("milena.sync.unreadable").counter().count();
    }

    @Test
    void whatCanBeReadIsNeitherCountedNorLogged() {
        assertThat(views.events(key, 1, 4, 10, Order.OLDEST_FIRST)).hasSize(4);

        assertThat(unreadable()).isZero();
        assertThat(log.list).isEmpty();
    }

    @Test
    void whatCannotBeReadIsPassedOverCountedEachTimeAndLoggedOnceWithoutItsContent() {
        put(2, JUNK);
        put(3, new byte[0]);

        for (int i = 0; i < 3; i++) {
            assertThat(views.events(key, 1, 4, 10, Order.OLDEST_FIRST))
                    .extracting(TimelineEvent::getSequenceNumber)
                    .containsExactly(1L, 4L);
        }

        assertThat(unreadable()).isEqualTo(6);
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .hasSize(2)
                .allMatch(line -> line.contains("conversationId=g"))
                .anyMatch(line -> line.contains("sequenceNumber=2"))
                .anyMatch(line -> line.contains("sequenceNumber=3"))
                .noneMatch(line -> line.contains("somebody"));
        assertThat(log.list).allMatch(line -> line.getThrowableProxy() == null);
    }

    @Test
    void aValueThatCannotBeReadIsNoneWhereOneIsAskedFor() {
        store.put(Bytes.wrap(key.toBytes()), JUNK);

        assertThat(views.conversation(key)).isNull();
        assertThat(views.conversation(new ConversationKey("shop", "none"))).isNull();

        assertThat(unreadable()).isEqualTo(1);
    }

    @Test
    void moreThanSoManyPlacesAreOnlyCounted() {
        int places = UnreadableValues.PLACES_MAX + 100;
        for (int number = 1; number <= places; number++) {
            put(number, JUNK);
        }

        assertThat(views.events(key, 1, places, places, Order.OLDEST_FIRST)).isEmpty();

        assertThat(unreadable()).isEqualTo(places);
        assertThat(log.list).hasSize(UnreadableValues.PLACES_MAX);
    }
}
