package chat.milena.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.ephemeral.rate.RateConfig;
import chat.milena.ephemeral.rate.RateConfig.Clients;
import chat.milena.ephemeral.rate.RateConfig.Messages;
import chat.milena.ephemeral.rate.RateConfig.Receipts;
import chat.milena.gateway.Deliveries;
import chat.milena.protocol.frame.Limits;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RateLimitIT {
    private static final String MESSAGE = "{\"messageId\":\"m1\",\"content\":{\"type\":\"text\",\"text\":\"hi\"}}";

    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new Gateway();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private CompletableFuture<HttpResponse<String>> post(String token, String path, String body) {
        return gateway.http.sendAsync(gateway.post(path, token, body).build(), BodyHandlers.ofString());
    }

    private static void assertRefused(HttpResponse<String> answer, String limit) throws Exception {
        JsonNode body = new JsonMapper().readTree(answer.body());
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(body.get("error").asText()).isEqualTo("RATE_LIMITED");
        assertThat(body.get("retryAfter").asInt()).isEqualTo(1);
        assertThat(body.get("limit").asText()).isEqualTo(limit);
    }

    /// The gateway lets two in a second, and the address twenty.
    @Test
    void badTokensTakeNothingFromTheRateOfTheGateway() throws Exception {
        RateConfig rates = RateConfig.UNLIMITED
                .with(new Messages(10, 100, 2_000))
                .with(new Receipts(50, 0))
                .with(new Clients(2, 20, 100));
        try (Gateway small = new Gateway(Limits.DEFAULT, rates)) {
            for (int i = 0; i < 10; i++) {
                assertThat(Client.connect(small, i % 2 == 0 ? "?token=bad" : "").closed())
                        .isEqualTo(4401);
            }
            small.connect("alice");
            small.connect("bob");

            assertThatThrownBy(() -> Client.connect(small, "?token=carol"))
                    .cause()
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            e -> assertThat(e.getResponse().statusCode()).isEqualTo(429));
            for (int i = 0; i < 7; i++) {
                Client.connect(small, "?token=bad");
            }
            assertThatThrownBy(() -> Client.connect(small, "?token=bad"))
                    .as("the twenty-first attempt of the address")
                    .hasCauseInstanceOf(WebSocketHandshakeException.class);
        }
    }

    @Test
    void eleventhMessageOfASecondIsRefusedOnEveryDeviceAndByRestAndComesThroughLater() throws Exception {
        Client phone = gateway.connect("alice");
        Client laptop = gateway.connect("alice");
        for (int i = 0; i < 10; i++) {
            (i % 2 == 0 ? phone : laptop).sendMessage("r" + i, "m" + i, "c1", "hi");
            gateway.deliver(Deliveries.duplicate(gateway.log.take(), 7));
            (i % 2 == 0 ? phone : laptop).next("message.ack");
        }

        laptop.sendMessage("late", "m10", "c1", "hi");
        JsonNode error = laptop.next("error");
        assertThat(error.get("id").asText()).isEqualTo("late");
        assertThat(error.at("/payload/error").asText()).isEqualTo("RATE_LIMITED");
        assertThat(error.at("/payload/retryAfter").asInt()).isEqualTo(1);
        assertRefused(
                post("alice", "/api/v1/conversations/c1/messages", MESSAGE).join(), "10 messages per second");
        assertThat(gateway.log.size()).isZero();

        gateway.clock.advance(Duration.ofSeconds(1));
        laptop.sendMessage("later", "m10", "c1", "hi");
        gateway.deliver(Deliveries.accepted(gateway.log.take(), 8, "alice"));
        assertThat(laptop.next("message.ack").get("id").asText()).isEqualTo("later");
    }

    @Test
    void everyCommandCountsAndInvalidOnesDoNot() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(post("alice", "/api/v1/groups", "{}").join().statusCode())
                    .isEqualTo(400);
        }
        for (int i = 0; i < 5; i++) {
            var group = post("alice", "/api/v1/groups", "{\"name\":\"n\",\"participantIds\":[]}");
            gateway.deliver(Deliveries.accepted(gateway.log.take(), 1));
            assertThat(group.join().statusCode()).isEqualTo(201);
            var members = post("alice", "/api/v1/conversations/c1/members", "{\"userIds\":[\"bob\"]}");
            gateway.deliver(Deliveries.accepted(gateway.log.take(), 2));
            assertThat(members.join().statusCode()).isEqualTo(200);
        }

        String direct = "{\"type\":\"direct\",\"participantIds\":[\"bob\"]}";
        assertRefused(post("alice", "/api/v1/conversations", direct).join(), "10 messages per second");
        assertThat(gateway.log.size()).isZero();
    }

    @Test
    void userReportsSixtyMessagesInAnHourAndSameOnesAgainAreFree() throws Exception {
        String path = "/api/v1/conversations/c1/messages/m1/report";
        for (int i = 0; i < 60; i++) {
            var reported = post("alice!", path, "{\"reason\":\"spam\"}");
            gateway.deliver(Deliveries.duplicate(gateway.log.take(), 0));
            assertThat(reported.join().statusCode()).isEqualTo(202);
        }
        for (int i = 0; i < 60; i++) {
            var reported = post("alice!", path, "{\"reason\":\"spam\"}");
            gateway.deliver(Deliveries.accepted(gateway.log.take(), 0));
            assertThat(reported.join().statusCode()).isEqualTo(202);
        }

        HttpResponse<String> refused =
                post("alice!", path, "{\"reason\":\"spam\"}").join();

        JsonNode body = new JsonMapper().readTree(refused.body());
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(body.get("error").asText()).isEqualTo("RATE_LIMITED");
        assertThat(body.get("retryAfter").asInt()).isBetween(1, 60);
        assertThat(body.get("limit").asText()).isEqualTo("60 reports of a user in an hour");
        var other = post("bob!", path, "{\"reason\":\"spam\"}");
        gateway.deliver(Deliveries.accepted(gateway.log.take(), 0));
        assertThat(other.join().statusCode()).isEqualTo(202);
    }

    @Test
    void reportThatFindsTheLogFullCostsNothing() throws Exception {
        String path = "/api/v1/conversations/c1/messages/m1/report";
        gateway.log.full(true);
        for (int i = 0; i < 61; i++) {
            assertThat(post("alice!", path, "{\"reason\":\"spam\"}").join().statusCode())
                    .isEqualTo(503);
        }
        gateway.log.full(false);

        var reported = post("alice!", path, "{\"reason\":\"spam\"}");
        gateway.deliver(Deliveries.accepted(gateway.log.take(), 0));
        assertThat(reported.join().statusCode()).isEqualTo(202);
    }

    @Test
    void messageThatFindsTheLogFullCostsNothing() throws Exception {
        Client alice = gateway.connect("alice");
        gateway.log.full(true);
        for (int i = 0; i < 50; i++) {
            alice.sendMessage("r", "m", "c1", "hi");
            assertThat(alice.next("error").at("/payload/error").asText()).isEqualTo("UNAVAILABLE");
        }
        gateway.log.full(false);

        alice.sendMessage("r", "m", "c1", "hi");

        gateway.log.take();
    }

    @Test
    void withoutRoomOnTheDiskEveryCallThatWritesIsRefusedAtNoCost() throws Exception {
        gateway.log.room(false);
        String direct = "{\"type\":\"direct\",\"participantIds\":[\"bob\"]}";
        String group = "{\"name\":\"g\",\"participantIds\":[\"bob\"]}";
        for (int i = 0; i < 20; i++) {
            for (var refused : List.of(
                    post("alice", "/api/v1/conversations", direct).join(),
                    post("alice", "/api/v1/groups", group).join(),
                    post("alice", "/api/v1/conversations/c1/members", "{\"userIds\":[\"bob\"]}")
                            .join(),
                    post("alice", "/api/v1/conversations/c1/read", "{\"upToSequence\":1}")
                            .join())) {
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.body()).contains("\"UNAVAILABLE\"", "disk is nearly full");
            }
        }
        gateway.log.room(true);

        var members = post("alice", "/api/v1/conversations/c1/members", "{\"userIds\":[\"bob\"]}");
        gateway.deliver(Deliveries.accepted(gateway.log.take(), 2));
        assertThat(members.join().statusCode()).isEqualTo(200);
        assertThat(gateway.log.size()).isZero();
    }

    @Test
    void floodOfOneTenantLeavesTheOthersAlone() throws Exception {
        try (Gateway narrow = new Gateway(
                Limits.DEFAULT,
                RateConfig.UNLIMITED.with(new Messages(10, 100, 15)).with(new Receipts(50, 0)))) {
            Client first = narrow.connect("acme/alice");
            Client second = narrow.connect("acme/bob");
            Client other = narrow.connect("shop/alice");
            for (int i = 0; i < 10; i++) {
                first.sendMessage("r" + i, "m" + i, "c1", "hi");
                narrow.log.take();
            }
            for (int i = 0; i < 6; i++) {
                second.sendMessage("r" + i, "m" + i, "c1", "hi");
            }
            assertThat(second.next("error").at("/payload/message").asText()).contains("15 messages per second for all");

            other.sendMessage("r", "m", "c1", "hi");

            for (int i = 0; i < 5; i++) {
                assertThat(narrow.log.take().getTenant()).isEqualTo("acme");
            }
            assertThat(narrow.log.take().getTenant()).isEqualTo("shop");
        }
    }

    @Test
    void whoIgnoresTheLimitIsClosedAfterAHundredRefusalsInAMinute() throws Exception {
        Client alice = gateway.connect("alice");

        for (int i = 0; i < 111; i++) {
            alice.sendMessage("r" + i, "m" + i, "c1", "hi");
        }

        assertThat(alice.closed()).isEqualTo(4429);
        assertThat(gateway.log.size()).isEqualTo(10);
    }

    @Test
    void hundredRefusalsAreBorne() throws Exception {
        Client alice = gateway.connect("alice");

        for (int i = 0; i < 110; i++) {
            alice.sendMessage("r" + i, "m" + i, "c1", "hi");
        }

        for (int i = 0; i < 100; i++) {
            assertThat(alice.next("error").at("/payload/error").asText()).isEqualTo("RATE_LIMITED");
        }
        alice.send("{\"type\":\"heartbeat\"}");
        alice.next("heartbeat");
    }

    @Test
    void refreshedTokenThatExemptsCountsAtOnce() throws Exception {
        Client alice = gateway.connect("alice");
        alice.send("{\"type\":\"token.refresh\",\"payload\":{\"token\":\"alice!\"}}");
        alice.next("ok");

        for (int i = 0; i < 200; i++) {
            alice.sendMessage("r" + i, "m" + i, "c1", "hi");
            gateway.deliver(Deliveries.accepted(gateway.log.take(), i + 2));
            alice.next("message.ack");
        }
    }

    @Test
    void connectionsAreRefusedBeforeTheUpgradeBeyondTheirRate() throws Exception {
        try (Gateway busy = new Gateway(
                Limits.DEFAULT, RateConfig.UNLIMITED.with(new Receipts(50, 0)).with(new Clients(100, 20, 0)))) {
            for (int i = 0; i < 20; i++) {
                busy.connect("user" + i);
            }
            assertConnectionRefused(busy, "alice");
            assertConnectionRefused(busy, "bad");
            busy.connect("importer!");

            busy.clock.advance(Duration.ofSeconds(1));
            busy.connect("alice");
        }
        try (Gateway busy = new Gateway(
                Limits.DEFAULT, RateConfig.UNLIMITED.with(new Receipts(50, 0)).with(new Clients(3, 20, 0)))) {
            for (int i = 0; i < 3; i++) {
                busy.connect("user" + i);
            }
            assertConnectionRefused(busy, "alice");
        }
    }

    @Test
    void tokenIsNotRepeatedInAnyAnswerThatUpgrades() throws Exception {
        try (Gateway busy = new Gateway(Limits.DEFAULT, RateConfig.UNLIMITED.with(new Clients(1, 0, 0)));
                RawClient usual = new RawClient(busy.front.port(), "alice");
                RawClient exempt = new RawClient(busy.front.port(), "importer!")) {
            assertThat(usual.head()).doesNotContainIgnoringCase("location").doesNotContain("alice");
            assertThat(exempt.head()).doesNotContainIgnoringCase("location").doesNotContain("importer");
        }
    }

    private static void assertConnectionRefused(Gateway busy, String token) {
        assertThatThrownBy(() -> Client.connect(busy, "?token=" + token))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(WebSocketHandshakeException.class, e -> {
                    assertThat(e.getResponse().statusCode()).isEqualTo(429);
                    assertThat(e.getResponse().headers().firstValue("Retry-After"))
                            .hasValue("1");
                });
    }
}
