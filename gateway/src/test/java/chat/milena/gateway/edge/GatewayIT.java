package chat.milena.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import chat.milena.gateway.Deliveries;
import chat.milena.gateway.SyncResults;
import chat.milena.gateway.live.SyncQuery;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GatewayIT {
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new Gateway();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void firstFrameIsConnectedAndFlat() throws Exception {
        Client alice = Client.connect(gateway, "?token=alice&device_id=phone");

        JsonNode connected = alice.next("connected");

        assertThat(connected.get("connectionId").asText()).startsWith("conn_");
        assertThat(connected.get("serverTime").asLong()).isEqualTo(Deliveries.TIME.toEpochMilli());
        assertThat(connected.get("heartbeatInterval").asInt()).isEqualTo(30_000);
        assertThat(connected.get("resumeToken").asText()).isNotEmpty();
        assertThat(connected.get("resumed").asBoolean()).isFalse();
        assertThat(connected.has("payload")).isFalse();
    }

    @Test
    void tokenMayComeAsSubprotocolAndIsNotTheOneSelected() throws Exception {
        Client alice = Client.connect(gateway, "", "milena.v1", "alice");

        alice.next("connected");

        assertThat(alice.socket().getSubprotocol()).isEqualTo("milena.v1");
    }

    @Test
    void badOrMissingTokenIsUpgradedThenClosedWith4401BeforeAnyFrame() throws Exception {
        Client bad = Client.connect(gateway, "?token=bad");
        Client none = Client.connect(gateway, "");

        assertThat(bad.closed()).isEqualTo(4401);
        assertThat(none.closed()).isEqualTo(4401);
        assertThat(bad.closeReason()).isEqualTo("token bad").isEqualTo(none.closeReason());
        assertThat(bad.hasFrame() || none.hasFrame()).isFalse();
        await().until(() -> gateway.meters
                        .counter("milena.gateway.closes", "code", "4401", "why", "token_bad")
                        .count()
                == 2);
        await().until(() -> gateway.registry.size() == 0 && gateway.shards.leases() == 0);
    }

    @Test
    void tokenThatCannotBeCheckedNowSendsTheClientAwayWith1013() throws Exception {
        Client client = Client.connect(gateway, "?token=unknowable");

        assertThat(client.closed()).isEqualTo(1013);
        assertThat(client.hasFrame()).isFalse();
    }

    @Test
    void refreshWithATokenThatCannotBeCheckedNowLeavesTheConnectionAsItIs() throws Exception {
        Client alice = gateway.connect("alice");

        alice.send("{\"type\":\"token.refresh\",\"id\":\"r\",\"payload\":{\"token\":\"unknowable\"}}");

        JsonNode error = alice.next("error");
        assertThat(error.get("id").asText()).isEqualTo("r");
        assertThat(error.get("payload").get("error").asText()).isEqualTo("UNAVAILABLE");
        assertThat(error.get("payload").get("retryAfter").asInt()).isEqualTo(1);
        alice.send("{\"type\":\"heartbeat\"}");
        alice.next("heartbeat");
    }

    @Test
    void connectedWaitsForTheShard() throws Exception {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        gateway.shards.ready(ready);
        Client alice = Client.connect(gateway, "?token=alice");
        await().until(() -> gateway.shards.leases() == 1);
        assertThat(alice.hasFrame()).isFalse();

        ready.complete(null);

        alice.next("connected");
    }

    @Test
    void shardThatCannotBeReadSendsTheClientAwayWith1013() throws Exception {
        gateway.shards.ready(CompletableFuture.failedFuture(new IllegalStateException("broken")));

        Client alice = Client.connect(gateway, "?token=alice");

        assertThat(alice.closed()).isEqualTo(1013);
        await().until(() -> gateway.shards.leases() == 0);
    }

    @Test
    void sentMessageIsAppendedThenAckedAndReachesAllOtherDevices() throws Exception {
        Client phone = gateway.connect("alice");
        Client laptop = gateway.connect("alice");
        Client bob = gateway.connect("bob");

        phone.sendMessage("r1", "m1", "dir_1", "hi");
        InboundCommand command = gateway.log.take();
        assertThat(command.getUserId()).isEqualTo("alice");
        assertThat(command.getTenant()).isEqualTo("default");
        assertThat(command.getConversationId()).isEqualTo("dir_1");
        gateway.deliver(Deliveries.accepted(command, 7, "alice", "bob"));

        JsonNode ack = phone.next("message.ack");
        assertThat(ack.get("id").asText()).isEqualTo("r1");
        assertThat(ack.get("payload").toString())
                .isEqualTo("{\"messageId\":\"m1\",\"conversationId\":\"dir_1\",\"sequenceNumber\":7,"
                        + "\"timestamp\":1706886400000,\"duplicate\":false}");
        String expected = "{\"messageId\":\"m1\",\"conversationId\":\"dir_1\",\"senderId\":\"alice\","
                + "\"content\":{\"type\":\"text\",\"text\":\"hi\"},\"sequenceNumber\":7,\"timestamp\":1706886400000}";
        assertThat(laptop.next("message.new").get("payload").toString()).isEqualTo(expected);
        assertThat(bob.next("message.new").get("payload").toString()).isEqualTo(expected);
        phone.send("{\"type\":\"heartbeat\"}");
        phone.next("heartbeat");
    }

    @Test
    void usersOfOtherTenantsGetNothing() throws Exception {
        Client here = gateway.connect("bob");
        Client elsewhere = gateway.connect("acme/bob");

        gateway.deliver(Deliveries.event("acme", "c1", 1, "for acme", "bob"));

        elsewhere.next("message.new");
        here.send("{\"type\":\"heartbeat\"}");
        here.next("heartbeat");
    }

    @Test
    void duplicateIsAckedAsSuchAndRejectionIsAnError() throws Exception {
        Client alice = gateway.connect("alice");
        alice.sendMessage("r1", "m1", "c1", "hi");
        gateway.deliver(Deliveries.duplicate(gateway.log.take(), 3));
        assertThat(alice.next("message.ack").at("/payload/duplicate").asBoolean())
                .isTrue();

        alice.sendMessage("r2", "m2", "c2", "hi");
        gateway.deliver(Deliveries.rejected(gateway.log.take(), "CONVERSATION_NOT_FOUND", "no such conversation"));

        JsonNode error = alice.next("error");
        assertThat(error.get("id").asText()).isEqualTo("r2");
        assertThat(error.at("/payload/error").asText()).isEqualTo("CONVERSATION_NOT_FOUND");
    }

    @Test
    void eventsReachASocketInTheOrderOfTheLog() throws Exception {
        Client bob = gateway.connect("bob");

        for (int number = 1; number <= 2_000; number++) {
            gateway.deliver(Deliveries.event("default", "c1", number, "text", "bob"));
        }

        for (int number = 1; number <= 2_000; number++) {
            assertThat(bob.next("message.new").at("/payload/sequenceNumber").asInt())
                    .isEqualTo(number);
        }
    }

    @Test
    void fullOrBrokenLogAnswersUnavailable() throws Exception {
        Client alice = gateway.connect("alice");
        gateway.log.full(true);
        alice.sendMessage("r1", "m1", "c1", "hi");
        JsonNode full = alice.next("error");
        gateway.log.full(false);
        gateway.log.broken(true);
        alice.sendMessage("r2", "m2", "c1", "hi");
        JsonNode broken = alice.next("error");

        assertThat(full.at("/payload/error").asText()).isEqualTo("UNAVAILABLE");
        assertThat(full.at("/payload/retryAfter").asInt()).isPositive();
        assertThat(full.get("id").asText()).isEqualTo("r1");
        assertThat(broken.at("/payload/error").asText()).isEqualTo("UNAVAILABLE");
        assertThat(broken.get("id").asText()).isEqualTo("r2");
    }

    @Test
    void commandsBeyondTheWindowAreRateLimited() throws Exception {
        Client alice = gateway.connect("alice!");

        for (int i = 0; i <= 256; i++) {
            alice.sendMessage("r" + i, "m" + i, "c1", "hi");
        }

        JsonNode error = alice.next("error");
        assertThat(error.get("id").asText()).isEqualTo("r256");
        assertThat(error.at("/payload/error").asText()).isEqualTo("RATE_LIMITED");
        assertThat(error.at("/payload/retryAfter").asInt()).isEqualTo(1);
        assertThat(gateway.log.size()).isEqualTo(256);
    }

    @Test
    void commandsOfAllBeyondTheGatewaysBudgetAreUnavailableUntilSomebodyGoes() throws Exception {
        Client alice = gateway.connect("alice!");
        Client bob = gateway.connect("bob!");
        for (int i = 0; i < 256; i++) {
            alice.sendMessage("r" + i, "m" + i, "c1", "hi");
        }
        await().until(() -> gateway.log.size() == 256);
        for (int i = 256; i <= Gateway.COMMANDS_MAX; i++) {
            bob.sendMessage("r" + i, "m" + i, "c1", "hi");
        }
        JsonNode error = bob.next("error");
        assertThat(error.get("id").asText()).isEqualTo("r" + Gateway.COMMANDS_MAX);
        assertThat(error.at("/payload/error").asText()).isEqualTo("UNAVAILABLE");

        alice.socket().abort();
        await().until(() -> gateway.registry.size() == 1);
        bob.sendMessage("again", "m0", "c1", "hi");
        bob.send("{\"type\":\"heartbeat\"}");

        bob.next("heartbeat");
    }

    @Test
    void commandWithoutAnOutcomeIsUnavailableAndItsLateEventIsDeliveredAfterAll() throws Exception {
        Client alice = gateway.connect("alice");
        alice.sendMessage("r1", "m1", "c1", "hi");
        InboundCommand command = gateway.log.take();

        gateway.clock.advance(Duration.ofSeconds(16));
        JsonNode error = alice.next("error");
        gateway.deliver(Deliveries.accepted(command, 1, "alice"));

        assertThat(error.at("/payload/error").asText()).isEqualTo("UNAVAILABLE");
        alice.next("message.new");
    }

    @Test
    void lateOutcomeAcksTheNextAttemptWhereTheLogIsBehind() throws Exception {
        Client alice = gateway.connect("alice");
        alice.sendMessage("r1", "m1", "c1", "hi");
        InboundCommand first = gateway.log.take();
        gateway.clock.advance(Duration.ofSeconds(16));
        alice.next("error");
        alice.sendMessage("r2", "m1", "c1", "hi");
        InboundCommand second = gateway.log.take();

        gateway.deliver(Deliveries.accepted(first, 1, "alice"));
        JsonNode ack = alice.next("message.ack");
        gateway.deliver(Deliveries.duplicate(second, 1));
        alice.send("{\"type\":\"heartbeat\"}");

        assertThat(ack.get("id").asText()).isEqualTo("r2");
        assertThat(ack.at("/payload/sequenceNumber").asLong()).isEqualTo(1);
        alice.next("heartbeat");
    }

    @Test
    void silentClientIsClosedWith4408() throws Exception {
        Client alice = gateway.connect("alice");
        gateway.clock.advance(Duration.ofSeconds(60));
        alice.send("{\"type\":\"heartbeat\"}");
        alice.next("heartbeat");
        gateway.clock.advance(Duration.ofSeconds(60));
        alice.send("{\"type\":\"heartbeat\"}");
        alice.next("heartbeat");

        gateway.clock.advance(Duration.ofSeconds(90));

        assertThat(alice.closed()).isEqualTo(4408);
        await().until(() -> gateway.registry.size() == 0 && gateway.shards.leases() == 0);
    }

    @Test
    void endingTokenIsWarnedOfThenCloses() throws Exception {
        Client alice = gateway.connect("alice~20");
        gateway.clock.advance(Duration.ofSeconds(10));

        JsonNode warning = alice.next("token.expiring");
        assertThat(warning.at("/payload/expiresAt").asLong())
                .isEqualTo(Deliveries.TIME.plusSeconds(20).toEpochMilli());
        gateway.clock.advance(Duration.ofSeconds(10));

        assertThat(alice.closed()).isEqualTo(4401);
        assertThat(alice.closeReason()).isEqualTo("token expired");
    }

    @Test
    void refreshedTokenCarriesTheConnectionOn() throws Exception {
        Client alice = gateway.connect("alice~20");

        alice.send("{\"type\":\"token.refresh\",\"id\":\"t1\",\"payload\":{\"token\":\"alice~600\"}}");
        assertThat(alice.next("ok").get("id").asText()).isEqualTo("t1");
        alice.send("{\"type\":\"token.refresh\",\"id\":\"t2\",\"payload\":{\"token\":\"mallory~600\"}}");
        assertThat(alice.next("error").at("/payload/error").asText()).isEqualTo("UNAUTHORIZED");
        alice.send("{\"type\":\"token.refresh\",\"id\":\"t3\",\"payload\":{\"token\":\"bad\"}}");
        assertThat(alice.next("error").at("/payload/error").asText()).isEqualTo("UNAUTHORIZED");
        gateway.clock.advance(Duration.ofSeconds(60));
        alice.send("{\"type\":\"heartbeat\"}");

        alice.next("heartbeat");
    }

    @Test
    void answeredRefreshMayBeFollowedByAnotherAtOnce() throws Exception {
        Client alice = gateway.connect("alice~20");
        for (int i = 0; i < 200; i++) {
            alice.send("{\"type\":\"token.refresh\",\"id\":\"t" + i + "\",\"payload\":{\"token\":\"alice~600\"}}");
            assertThat(alice.next("ok").get("id").asText()).isEqualTo("t" + i);
        }
    }

    @Test
    void syncIsAnsweredAsTheCallIs() throws Exception {
        gateway.sync = (user, body, bytesMax) -> SyncResults.denying(user.userId(), body.toString());
        Client alice = gateway.connect("alice");

        alice.send("{\"type\":\"sync\",\"id\":\"s1\",\"payload\":{\"limit\":7}}");

        JsonNode result = alice.next("sync.result");
        assertThat(result.get("id").asText()).isEqualTo("s1");
        assertThat(result.get("payload").toString())
                .isEqualTo("{\"conversations\":[],\"newConversations\":[],\"denied\":[\"alice\",\"{\\\"limit\\\":7}\"],"
                        + "\"serverTime\":1700000000000}");
    }

    @Test
    void syncThatFailsIsACodedError() throws Exception {
        Client alice = gateway.connect("alice");
        gateway.sync = (user, body, bytesMax) -> new SyncQuery.Refused(ErrorCode.INVALID_REQUEST, "payload.limit: no");
        assertThat(syncError(alice)).isEqualTo("INVALID_REQUEST");
        gateway.sync = (user, body, bytesMax) -> new SyncQuery.Unavailable("behind", Duration.ofSeconds(2));
        assertThat(syncError(alice)).isEqualTo("UNAVAILABLE");
        gateway.sync = (user, body, bytesMax) -> {
            throw new IllegalStateException("broken");
        };
        assertThat(syncError(alice)).isEqualTo("UNAVAILABLE");
        gateway.sync = (user, body, bytesMax) -> SyncResults.denying("x".repeat(2 << 20));
        assertThat(syncError(alice)).isEqualTo("TOO_LARGE");
        alice.send("{\"type\":\"sync\",\"id\":\"s\"}");
        assertThat(alice.next("error").at("/payload/error").asText()).isEqualTo("INVALID_REQUEST");
    }

    private static String syncError(Client client) throws Exception {
        client.send("{\"type\":\"sync\",\"id\":\"s\",\"payload\":{}}");
        JsonNode error = client.next("error");
        assertThat(error.get("id").asText()).isEqualTo("s");
        return error.at("/payload/error").asText();
    }

    @Test
    void secondSyncMustWaitForTheFirst() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        gateway.sync = (user, body, bytesMax) -> {
            asked.countDown();
            try {
                answer.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return SyncResults.denying();
        };
        Client alice = gateway.connect("alice");
        alice.send("{\"type\":\"sync\",\"id\":\"first\",\"payload\":{}}");
        asked.await();

        alice.send("{\"type\":\"sync\",\"id\":\"second\",\"payload\":{}}");
        JsonNode error = alice.next("error");
        answer.countDown();

        assertThat(error.get("id").asText()).isEqualTo("second");
        assertThat(error.at("/payload/error").asText()).isEqualTo("RATE_LIMITED");
        assertThat(alice.next("sync.result").get("id").asText()).isEqualTo("first");
    }

    @Test
    void malformedFramesAreAnsweredAndTheEleventhInAMinuteCloses() throws Exception {
        Client alice = gateway.connect("alice");
        for (int i = 0; i < 9; i++) {
            alice.send("not json");
            assertThat(alice.next("error").at("/payload/error").asText()).isEqualTo("INVALID_REQUEST");
        }
        alice.socket().sendBinary(ByteBuffer.wrap(new byte[] {1, 2}), true).join();
        alice.next("error");

        alice.send("[]");
        alice.next("error");

        assertThat(alice.closed()).isEqualTo(4400);
    }

    @Test
    void unknownTypesAndBadFieldsAreErrorsThatLeaveTheConnectionAlive() throws Exception {
        Client alice = gateway.connect("alice");
        for (int i = 0; i < 50; i++) {
            alice.send("{\"type\":\"message.teleport\",\"id\":\"x\"}");
            assertThat(alice.next("error").get("id").asText()).isEqualTo("x");
        }
        alice.send("{\"type\":\"heartbeat\"}");
        alice.next("heartbeat");
    }

    @Test
    void frameOverTheLimitClosesWith1009() throws Exception {
        Client alice = gateway.connect("alice");
        alice.send("{\"type\":\"heartbeat\",\"pad\":\"" + "x".repeat(65_000) + "\"}");
        alice.next("heartbeat");

        alice.send("{\"type\":\"heartbeat\",\"pad\":\"" + "x".repeat(66_000) + "\"}");

        assertThat(alice.closed()).isEqualTo(1009);
        await().until(() -> gateway.registry.size() == 0 && gateway.shards.leases() == 0);
    }

    @Test
    void connectionsEndInAnyWayAndLeaveNothingBehind() throws Exception {
        Client polite = gateway.connect("alice");
        Client rude = gateway.connect("bob");
        gateway.connect("carol");
        assertThat(gateway.registry.size()).isEqualTo(3);

        polite.socket().sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        rude.socket().abort();

        await().until(() -> gateway.registry.size() == 1 && gateway.shards.leases() == 1);
        assertThat(polite.closed()).isEqualTo(1000);
    }

    @Test
    void connectionsBeyondAUsersShareAreAskedToComeBackLater() throws Exception {
        Client first = gateway.connect("alice");
        for (int i = 1; i < Gateway.USER_CONNECTIONS_MAX; i++) {
            gateway.connect("alice");
        }

        Client refused = Client.connect(gateway, "?token=alice");
        assertThat(refused.closed()).isEqualTo(1013);
        assertThat(refused.hasFrame()).isFalse();
        gateway.connect("bob");
        gateway.connect("acme/alice");

        first.socket().abort();
        await().until(() ->
                gateway.registry.of(new UserKey("default", "alice")).length == Gateway.USER_CONNECTIONS_MAX - 1);
        gateway.connect("alice");
    }

    @Test
    void connectionsBeyondATenantsShareAreAskedToComeBackLater() throws Exception {
        try (Gateway small = new Gateway(ConnectionConfig.DEFAULT, 4)) {
            small.connect("shop/alice");
            small.connect("acme/alice");
            small.connect("acme/bob");

            assertThat(Client.connect(small, "?token=acme/carol").closed()).isEqualTo(1013);
            small.connect("shop/carol");
        }
    }

    @Test
    void tenantThatIsAloneHasAllConnections() throws Exception {
        try (Gateway small = new Gateway(ConnectionConfig.DEFAULT, 4)) {
            for (String user : List.of("alice", "bob", "carol", "dave")) {
                small.connect("acme/" + user);
            }
        }
    }

    @Test
    void connectionsBeyondTheMostAreRefusedBeforeTheUpgrade() throws Exception {
        try (Gateway small = new Gateway(ConnectionConfig.DEFAULT, 1)) {
            small.connect("alice");

            assertThatThrownBy(() -> Client.connect(small, "?token=bob"))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(WebSocketHandshakeException.class, e -> {
                        assertThat(e.getResponse().statusCode()).isEqualTo(503);
                        assertThat(e.getResponse().headers().firstValue("Retry-After"))
                                .isPresent();
                    });
        }
    }

    @Test
    void nothingButHealthIsServedUntilReady() throws Exception {
        gateway.readiness.set(Readiness.START, false, "starting");

        assertThat(gateway.get("/healthz").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/readyz").statusCode()).isEqualTo(503);
        assertThat(gateway.get("/readyz").body()).isEqualTo("not ready\n");
        assertThat(gateway.get("/api/v1/groups").statusCode()).isEqualTo(503);
        assertThat(gateway.get("/ws").statusCode()).isEqualTo(503);
        gateway.readiness.set(Readiness.START, true, "");
        assertThat(gateway.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/nowhere").statusCode()).isEqualTo(404);
        assertThat(gateway.get("/ws").statusCode()).isEqualTo(400);
    }
}
