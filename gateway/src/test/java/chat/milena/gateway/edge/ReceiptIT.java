package chat.milena.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.gateway.Deliveries;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MarkReceipt;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Receipts on their way in and out, with windows that end when the test says so.
@Timeout(60)
class ReceiptIT {
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new Gateway();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static String frame(String type, String id, String conversationId, String rest) {
        String withId = id.isEmpty() ? "" : "\"id\":\"" + id + "\",";
        return "{\"type\":\"" + type + "\"," + withId + "\"payload\":{\"conversationId\":\"" + conversationId + "\","
                + rest + "}}";
    }

    private static String read(String id, String conversationId, long upTo) {
        return frame("message.read", id, conversationId, "\"upToSequence\":" + upTo);
    }

    /// What was sent before has been taken in when this returns.
    private void settle(Client client) throws Exception {
        client.send("{\"type\":\"heartbeat\"}");
        client.next("heartbeat");
    }

    @Test
    void burstBecomesOneCommandWithTheFurthestNumberAndEachIdIsAnswered() throws Exception {
        Client bob = gateway.connect("bob");
        bob.send(read("r1", "c1", 3));
        bob.send(read("r2", "c1", 9));
        bob.send(read("", "c1", 5));
        settle(bob);
        assertThat(gateway.log.size()).isZero();

        gateway.windows.end();

        InboundCommand command = gateway.log.take();
        assertThat(command.getKind()).isEqualTo("message.read");
        assertThat(command.getUserId()).isEqualTo("bob");
        assertThat(command.getConversationId()).isEqualTo("c1");
        assertThat(command.getReceipt()).isEqualTo(new MarkReceipt(9L, List.of(), null, null, null));
        gateway.deliver(Deliveries.accepted(command, 9));
        assertThat(bob.next("ok").get("id").asText()).isEqualTo("r1");
        assertThat(bob.next("ok").get("id").asText()).isEqualTo("r2");
        settle(bob);
        assertThat(gateway.log.size()).isZero();
    }

    @Test
    void messagesNamedInABurstAreNamedTogether() throws Exception {
        Client bob = gateway.connect("bob");
        bob.send(frame("message.delivered", "", "c1", "\"messageIds\":[\"m1\",\"m2\"]"));
        bob.send(frame("message.delivered", "", "c1", "\"messageIds\":[\"m2\",\"m3\"],\"upToSequence\":4"));
        settle(bob);

        gateway.windows.end();

        InboundCommand command = gateway.log.take();
        assertThat(command.getKind()).isEqualTo("message.delivered");
        assertThat(command.getReceipt()).isEqualTo(new MarkReceipt(4L, List.of("m1", "m2", "m3"), null, null, null));
    }

    @Test
    void conversationsAndKindsAndConnectionsAreKeptApart() throws Exception {
        Client phone = gateway.connect("bob");
        Client laptop = gateway.connect("bob");
        phone.send(frame("message.delivered", "", "c1", "\"upToSequence\":5"));
        phone.send(read("", "c1", 4));
        phone.send(read("", "c2", 3));
        settle(phone);
        laptop.send(read("", "c1", 2));
        settle(laptop);

        gateway.windows.end();

        Set<String> commands = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            InboundCommand command = gateway.log.take();
            commands.add(command.getKind() + " " + command.getConversationId() + " "
                    + command.getReceipt().getUpToSequence());
        }
        assertThat(commands)
                .containsExactlyInAnyOrder(
                        "message.delivered c1 5", "message.read c1 4", "message.read c2 3", "message.read c1 2");
        assertThat(gateway.log.size()).isZero();
    }

    @Test
    void refusalReachesTheClientWithItsIdAndWithoutOneToo() throws Exception {
        Client bob = gateway.connect("bob");
        bob.send(read("r1", "c1", 3));
        bob.send(read("", "c2", 3));
        settle(bob);
        gateway.windows.end();

        gateway.deliver(Deliveries.rejected(gateway.log.take(), "FORBIDDEN", "not you"));
        gateway.deliver(Deliveries.rejected(gateway.log.take(), "CONVERSATION_NOT_FOUND", "none"));

        JsonNode first = bob.next("error");
        assertThat(first.get("id").asText()).isEqualTo("r1");
        assertThat(first.at("/payload/error").asText()).isEqualTo("FORBIDDEN");
        JsonNode second = bob.next("error");
        assertThat(second.has("id")).isFalse();
        assertThat(second.at("/payload/error").asText()).isEqualTo("CONVERSATION_NOT_FOUND");
    }

    @Test
    void whatWaitsIsSentWhenTheConnectionCloses() throws Exception {
        Client bob = gateway.connect("bob");
        bob.send(read("", "c1", 3));
        settle(bob);

        bob.socket().abort();

        assertThat(gateway.log.take().getReceipt().getUpToSequence()).isEqualTo(3);
        gateway.windows.end();
        await().until(() -> gateway.registry.size() == 0);
        assertThat(gateway.log.size()).isZero();
    }

    @Test
    void receiptsTakeNothingFromMessagesAndWaitBeyondTheirOwnRate() throws Exception {
        Client bob = gateway.connect("bob");
        for (int i = 0; i < 60; i++) {
            bob.send(read("", "c" + i, 1));
        }
        settle(bob);
        // At most 16 may be without an outcome.
        for (int round = 0; round < 6; round++) {
            gateway.windows.end();
            while (gateway.log.size() > 0) {
                gateway.deliver(Deliveries.accepted(gateway.log.take(), 1));
            }
        }
        double sent = gateway.meters.counter("milena.gateway.receipts.sent").count();
        for (int i = 0; i < 10; i++) {
            bob.sendMessage("r" + i, "m" + i, "c1", "hi");
            gateway.deliver(Deliveries.accepted(gateway.log.take(), 2, "bob"));
            bob.next("message.ack");
        }

        assertThat(sent).isEqualTo(50);
        gateway.clock.advance(Duration.ofSeconds(1));
        gateway.windows.end();
        await().until(() -> gateway.log.size() == 10);
    }

    @Test
    void receiptsBeyondThoseThatMayWaitAreSentAtOnceAndThenRefused() throws Exception {
        Client bob = gateway.connect("bob!");
        for (int i = 0; i < 500; i++) {
            bob.send(read("", "c" + i, 1));
        }
        settle(bob);
        assertThat(gateway.log.size()).isZero();

        for (int i = 500; i < 516; i++) {
            bob.send(read("", "c" + i, 1));
        }
        settle(bob);
        assertThat(gateway.log.size()).isEqualTo(16);
        bob.send(read("r1", "c516", 1));

        JsonNode error = bob.next("error");
        assertThat(error.get("id").asText()).isEqualTo("r1");
        assertThat(error.at("/payload/error").asText()).isEqualTo("RATE_LIMITED");
        bob.send(read("", "c0", 2));
        settle(bob);
    }

    @Test
    void receiptThatCannotBeAppendedWaitsAndIsGivenUpInTheEnd() throws Exception {
        Client bob = gateway.connect("bob");
        gateway.log.full(true);
        bob.send(read("r1", "c1", 3));
        settle(bob);
        gateway.windows.end();
        bob.send(read("r2", "c1", 4));
        settle(bob);
        gateway.log.full(false);
        gateway.windows.end();
        assertThat(gateway.log.take().getReceipt().getUpToSequence()).isEqualTo(4);

        gateway.clock.advance(Duration.ofSeconds(16));

        assertThat(bob.next("error").get("id").asText()).isEqualTo("r1");
        assertThat(bob.next("error").at("/payload/error").asText()).isEqualTo("UNAVAILABLE");
        gateway.log.full(true);
        bob.send(read("r3", "c1", 5));
        settle(bob);
        gateway.clock.advance(Duration.ofSeconds(16));
        gateway.windows.end();
        assertThat(bob.next("error").get("id").asText()).isEqualTo("r3");
    }

    @Test
    void brokenLogIsToldOf() throws Exception {
        Client bob = gateway.connect("bob");
        gateway.log.broken(true);
        bob.send(read("r1", "c1", 3));
        settle(bob);

        gateway.windows.end();

        JsonNode error = bob.next("error");
        assertThat(error.get("id").asText()).isEqualTo("r1");
        assertThat(error.at("/payload/error").asText()).isEqualTo("UNAVAILABLE");
    }

    @Test
    void receiptsReachEveryDeviceFieldForFieldAndABurstOfOneReaderAsOneFrame() throws Exception {
        Client alice = gateway.connect("alice");
        Client laptop = gateway.connect("alice");
        gateway.deliver(Deliveries.receipt("c1", "delivered", "bob", 3, "alice"));
        gateway.deliver(Deliveries.receipt("c1", "delivered", "bob", 5, "alice"));
        gateway.deliver(Deliveries.receipt("c1", "read", "bob", 4, "alice"));
        gateway.deliver(Deliveries.receipt("c1", "read", "bob", 2, "alice"));
        gateway.deliver(Deliveries.receipt("c1", "read", "carol", 1, "alice"));

        gateway.windows.end();

        for (Client device : List.of(alice, laptop)) {
            assertThat(device.next("message.delivered").get("payload").toString())
                    .isEqualTo("{\"conversationId\":\"c1\",\"messageIds\":[],\"deliveredUpToSequence\":5,"
                            + "\"deliveredTo\":\"bob\",\"timestamp\":1706886400000}");
            assertThat(device.next("message.read_receipt").get("payload").toString())
                    .isEqualTo("{\"conversationId\":\"c1\",\"readUpToSequence\":4,\"readBy\":\"bob\","
                            + "\"timestamp\":1706886400000}");
            assertThat(device.next("message.read_receipt").at("/payload/readBy").asText())
                    .isEqualTo("carol");
            settle(device);
        }
    }

    @Test
    void readByRestIsAnsweredWithHowFarItsUserHasCome() throws Exception {
        CompletableFuture<HttpResponse<String>> answer = gateway.http.sendAsync(
                gateway.post("/api/v1/conversations/c1/read", "bob", "{\"upToSequence\":99}")
                        .build(),
                BodyHandlers.ofString());
        InboundCommand command = gateway.log.take();
        assertThat(command.getKind()).isEqualTo("message.read");
        assertThat(command.getReceipt()).isEqualTo(new MarkReceipt(99L, List.of(), null, null, null));
        gateway.deliver(Deliveries.accepted(command, 7));

        assertThat(answer.join().statusCode()).isEqualTo(202);
        assertThat(answer.join().body()).isEqualTo("{\"conversationId\":\"c1\",\"readUpToSequence\":7}");
    }

    @Test
    void readsByRestHaveTheAllowanceOfReceipts() throws Exception {
        for (int i = 0; i <= 50; i++) {
            CompletableFuture<HttpResponse<String>> answer = gateway.http.sendAsync(
                    gateway.post("/api/v1/conversations/c1/read", "bob", "{\"upToSequence\":" + i + "}")
                            .build(),
                    BodyHandlers.ofString());
            if (i < 50) {
                gateway.deliver(Deliveries.duplicate(gateway.log.take(), 7));
            }
            assertThat(answer.join().statusCode()).isEqualTo(i < 50 ? 202 : 429);
        }
    }
}
