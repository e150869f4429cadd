package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// How far people have come, as the others, their own other devices and the log see it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReceiptsIT {
    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    private final List<RawSocket> sockets = new ArrayList<>();
    private Tenant home;

    @BeforeEach
    void open() {
        home = Tenant.ofDefault(milena);
    }

    @AfterEach
    void close() throws IOException {
        for (RawSocket socket : sockets) {
            socket.close();
        }
        sockets.clear();
        home.close();
    }

    private RawSocket connect(String userId) throws IOException {
        RawSocket socket = RawSocket.connected(milena.port(), home.tokenOf(userId));
        sockets.add(socket);
        return socket;
    }

    /// @return the number that the message was given
    private static long sends(RawSocket socket, String conversationId, String messageId) throws IOException {
        socket.text("{\"type\":\"message.send\",\"id\":\"" + messageId + "\",\"payload\":{\"messageId\":\"" + messageId
                + "\",\"conversationId\":\"" + conversationId + "\",\"content\":{\"type\":\"text\",\"text\":\"hi\"}}}");
        return socket.nextFrame("message.ack").at("/payload/sequenceNumber").asLong();
    }

    /// Says how far its user has come, and waits until that is committed.
    private static void marks(RawSocket socket, String type, String conversationId, String field) throws IOException {
        socket.text("{\"type\":\"" + type + "\",\"id\":\"" + type + field.hashCode()
                + "\",\"payload\":{\"conversationId\":\"" + conversationId + "\"," + field + "}}");
        assertThat(socket.nextFrame("ok").path("id").asText()).isEqualTo(type + field.hashCode());
    }

    @Test
    void deliveredAndReadReachTheSenderAndABadgeGoesFromAllDevices() throws Exception {
        RawSocket alice = connect("alice");
        RawSocket alicesLaptop = connect("alice");
        RawSocket phone = connect("bob");
        RawSocket laptop = connect("bob");
        String talk = home.direct("alice", "bob");
        long number = sends(alice, talk, "m1");
        laptop.nextFrame("message.new");
        phone.nextFrame("message.new");

        marks(phone, "message.delivered", talk, "\"upToSequence\":" + number);
        for (RawSocket device : List.of(alice, alicesLaptop)) {
            JsonNode delivered = device.nextFrame("message.delivered").get("payload");
            assertThat(delivered.path("conversationId").asText()).isEqualTo(talk);
            assertThat(delivered.path("deliveredTo").asText()).isEqualTo("bob");
            assertThat(delivered.path("deliveredUpToSequence").asLong()).isEqualTo(number);
            assertThat(delivered.path("messageIds").isArray()).isTrue();
            assertThat(delivered.path("timestamp").asLong()).isPositive();
        }
        phone.text("{\"type\":\"message.read\",\"payload\":{\"conversationId\":\"" + talk
                + "\",\"messageIds\":[\"m1\"]}}");

        for (RawSocket device : List.of(alice, alicesLaptop)) {
            assertRead(device.nextFrame("message.read_receipt"), talk, "bob", number);
        }
        // Its own delivery is no news to it.
        assertRead(laptop.nextFrame(), talk, "bob", number);
        assertRead(phone.nextFrame("message.read_receipt"), talk, "bob", number);
    }

    @Test
    void watermarksNeverGoBackWhicheverDeviceSaysWhat() throws Exception {
        RawSocket alice = connect("cleo");
        RawSocket phone = connect("dan");
        RawSocket laptop = connect("dan");
        String talk = home.direct("cleo", "dan");
        for (int i = 0; i < 5; i++) {
            sends(alice, talk, "m" + i);
        }

        marks(phone, "message.read", talk, "\"upToSequence\":4");
        marks(laptop, "message.read", talk, "\"upToSequence\":2");
        marks(laptop, "message.delivered", talk, "\"upToSequence\":3");
        marks(phone, "message.delivered", talk, "\"upToSequence\":1000000");
        marks(laptop, "message.read", talk, "\"messageIds\":[\"m0\"]");

        List<Receipt> log = receipts(talk, "dan");
        assertThat(log).extracting(Receipt::getReadUpToSequence).containsExactly(4L, 4L);
        assertThat(log).extracting(Receipt::getDeliveredUpToSequence).containsExactly(4L, 6L);
        Rest.Answer answer = home.rest()
                .post("/api/v1/conversations/" + talk + "/read", home.tokenOf("dan"), "{\"upToSequence\":3}");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().path("readUpToSequence").asLong()).isEqualTo(4);
    }

    @Test
    void whoSendsHasReadUpToThereAndOthersAreNotToldOfIt() throws Exception {
        RawSocket eve = connect("eve");
        RawSocket finn = connect("finn");
        String talk = home.direct("eve", "finn");
        sends(eve, talk, "m1");
        sends(finn, talk, "m2");
        sends(eve, talk, "m3");

        assertThat(receipts(talk, "eve"))
                .extracting(Receipt::getReadUpToSequence)
                .containsExactly(2L, 4L);
        assertThat(receipts(talk, "finn"))
                .extracting(Receipt::getReadUpToSequence)
                .containsExactly(3L);
        marks(finn, "message.read", talk, "\"upToSequence\":4");
        JsonNode first = eve.nextFrame("message.read_receipt");
        assertRead(first, talk, "finn", 4);
    }

    @Test
    void inALargeGroupOnesOwnDevicesAloneAreTold() throws Exception {
        RawSocket gina = connect("gina");
        RawSocket phone = connect("hugo");
        RawSocket laptop = connect("hugo");
        String[] others = IntStream.range(0, 110)
                .mapToObj(i -> i == 0 ? "hugo" : "member-" + i)
                .toArray(String[]::new);
        String group = home.group("gina", others);
        gina.nextFrame("conversation.created");
        laptop.nextFrame("conversation.created");
        laptop.nextFrame("conversation.personal");
        marks(phone, "message.delivered", group, "\"upToSequence\":1");
        marks(phone, "message.read", group, "\"upToSequence\":1");
        assertRead(laptop.nextFrame(), group, "hugo", 1);

        sends(phone, group, "m1");

        assertThat(gina.nextFrame().path("type").asText()).isEqualTo("message.new");
        assertThat(receipts(group, "hugo"))
                .extracting(Receipt::getReadUpToSequence)
                .containsExactly(0L, 1L, 2L);
    }

    private static void assertRead(JsonNode frame, String conversationId, String readBy, long upTo) {
        assertThat(frame.path("type").asText()).as("%s", frame).isEqualTo("message.read_receipt");
        assertThat(frame.at("/payload/conversationId").asText()).isEqualTo(conversationId);
        assertThat(frame.at("/payload/readBy").asText()).isEqualTo(readBy);
        assertThat(frame.at("/payload/readUpToSequence").asLong()).isEqualTo(upTo);
        assertThat(frame.at("/payload/timestamp").asLong()).isPositive();
    }

    /// What the log says of one member, oldest first.
    private List<Receipt> receipts(String conversationId, String userId) {
        var topic = new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load()).receipts();
        MemberKey member = new MemberKey(new ConversationKey("default", conversationId), userId);
        List<Receipt> receipts = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> entry : MessageLog.committed(milena.kafka(), topic.name())) {
            if (MemberKey.fromBytes(entry.key()).equals(member)) {
                assertThat(entry.partition()).isEqualTo(topic.partitionOf(member));
                receipts.add(topic.values().deserializer().deserialize(topic.name(), entry.value()));
            }
        }
        return receipts;
    }
}
