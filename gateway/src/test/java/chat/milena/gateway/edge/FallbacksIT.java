package chat.milena.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import chat.milena.ephemeral.rate.RateConfig;
import chat.milena.ephemeral.rate.RateConfig.Clients;
import chat.milena.ephemeral.rate.RateConfig.Messages;
import chat.milena.ephemeral.rate.RateConfig.Receipts;
import chat.milena.gateway.Deliveries;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.protocol.frame.Limits;
import chat.milena.protocol.frame.SafetyFrames.ModerationWarning;
import chat.milena.protocol.frame.SafetyFrames.PendingWarnings;
import chat.milena.protocol.json.Json;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.schemas.key.UserKey;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The stream of events and the long poll, over a real listener.
@Timeout(60)
class FallbacksIT {
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new Gateway();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private void restart(Gateway other) {
        gateway.close();
        gateway = other;
    }

    private EventClient events(String token) throws Exception {
        return new EventClient(gateway, "", "Authorization: Bearer " + token + "\r\n");
    }

    private CompletableFuture<HttpResponse<String>> asks(String path, String token, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.uri(path))
                .timeout(Duration.ofSeconds(40))
                .header("Authorization", "Bearer " + token);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return gateway.http.sendAsync(request.build(), BodyHandlers.ofString());
    }

    private JsonNode poll(String token, String query) throws Exception {
        return answer(asks("/poll" + query, token));
    }

    private static JsonNode answer(CompletableFuture<HttpResponse<String>> asked) throws Exception {
        HttpResponse<String> answer = asked.get(20, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.parse(answer.body()).orElseThrow();
    }

    private void message(long number, String... to) {
        gateway.deliver(Deliveries.event("default", "c1", number, "hi", to));
    }

    private static long number(JsonNode frame) {
        return frame.at("/payload/sequenceNumber").asLong();
    }

    @Test
    void streamBeginsWithConnectedAndCarriesWhatComes() throws Exception {
        try (EventClient alice = events("alice")) {
            assertThat(alice.head().getFirst()).contains(" 200 ");
            assertThat(alice.head())
                    .contains("Content-Type: text/event-stream", "Cache-Control: no-cache, no-transform");
            JsonNode connected = alice.next("connected");
            assertThat(connected.path("resumed").asBoolean(true)).isFalse();
            assertThat(alice.id()).isEqualTo(connected.path("resumeToken").asText());

            message(1, "alice");
            message(2, "alice");
            assertThat(number(alice.next("message.new"))).isEqualTo(1);
            assertThat(number(alice.next("message.new"))).isEqualTo(2);
        }
    }

    @Test
    void warningsAreNotedOnceTheyAreWritten() throws Exception {
        ModerationWarning warning = new ModerationWarning("c1", "m1", "be kind", 7);
        gateway.devices.warnings.put(new UserKey("default", "alice"), new PendingWarnings(List.of(), List.of(warning)));

        JsonNode polled = poll("alice", "");
        assertThat(polled.at("/frames/1/type").asText()).isEqualTo("moderation.warning");
        assertThat(gateway.log.take().getKind()).isEqualTo("user.warnings");
        try (EventClient alice = events("alice")) {
            alice.next("connected");
            alice.next("moderation.warning");
            assertThat(gateway.log.take().getKind()).isEqualTo("user.warnings");
        }
    }

    @Test
    void eachEventsIdGoesOnRightBehindIt() throws Exception {
        List<String> ids = new ArrayList<>();
        try (EventClient alice = events("alice")) {
            alice.next("connected");
            ids.add(alice.id());
            for (long number = 1; number <= 5; number++) {
                message(number, "alice");
                alice.next("message.new");
                ids.add(alice.id());
            }
        }
        assertThat(ids).doesNotHaveDuplicates();
        for (int had = 0; had < 5; had++) {
            try (EventClient again = new EventClient(
                    gateway, "", "Authorization: Bearer alice\r\nLast-Event-ID: " + ids.get(had) + "\r\n")) {
                assertThat(again.next("connected").path("resumed").asBoolean()).isTrue();
                JsonNode entries = again.next("messages.offline").at("/payload/messages");
                assertThat(entries).hasSize(5 - had);
                assertThat(entries.at("/0/sequenceNumber").asLong()).isEqualTo(had + 1);
            }
        }
    }

    @Test
    void tokenAndResumeMayStandInTheAddress() throws Exception {
        String id;
        try (EventClient alice = new EventClient(gateway, "?token=alice", "")) {
            alice.next("connected");
            id = alice.id();
        }
        try (EventClient alice = new EventClient(gateway, "?token=alice&resume=" + id, "")) {
            assertThat(alice.next("connected").path("resumed").asBoolean()).isTrue();
        }
        try (EventClient bob = new EventClient(gateway, "?token=bob&resume=" + id, "")) {
            assertThat(bob.next("connected").path("resumed").asBoolean(true)).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"/events, bad, 401", "/events, unknowable, 503", "/poll, bad, 401", "/poll, unknowable, 503"})
    void whoCannotBeKnownIsRefused(String path, String token, int status) throws Exception {
        assertThat(asks(path, token).get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(status);
        HttpResponse<String> none = gateway.get(path);
        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(none.body()).contains("\"reason\":\"token bad\"");
        assertThat(gateway.shards.leases()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/events", "/poll"})
    void onlyGetIsServed(String path) throws Exception {
        HttpResponse<String> answer =
                gateway.http.send(gateway.post(path, "alice", "{}").build(), BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/events", "/poll"})
    void websitesThatAreNotNamedAreRefused(String path) throws Exception {
        restart(new Gateway(AllowedOrigins.of(Settings.ofEnvironment(
                Map.of("MILENA_ORIGINS", "default=https://app.example;shop=https://shop.example")))));

        HttpResponse<String> refused = gateway.http.send(
                HttpRequest.newBuilder(gateway.uri(path + "?token=alice"))
                        .header("Origin", "https://shop.example")
                        .build(),
                BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void websitesThatAreNamedMayReadTheStream() throws Exception {
        restart(new Gateway(
                AllowedOrigins.of(Settings.ofEnvironment(Map.of("MILENA_ORIGINS", "default=https://app.example")))));
        try (EventClient alice = new EventClient(gateway, "?token=alice", "Origin: https://app.example\r\n")) {
            assertThat(alice.head()).contains("Access-Control-Allow-Origin: https://app.example");
            alice.next("connected");
        }
    }

    @Test
    void rateOfNewConnectionsHoldsForThoseWhoBegin() throws Exception {
        restart(new Gateway(
                Limits.DEFAULT,
                RateConfig.UNLIMITED
                        .with(new Messages(10, 100, 2_000))
                        .with(new Receipts(50, 0))
                        .with(new Clients(0, 2, 0))));
        String cursor = poll("alice", "").path("cursor").asText();
        poll("alice", "");
        String others = poll("bob!", "").path("cursor").asText();

        for (String path : List.of("/poll", "/poll?cursor=none", "/poll?cursor=" + others, "/events")) {
            HttpResponse<String> refused = asks(path, "alice").get(10, TimeUnit.SECONDS);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        }
        for (int again = 0; again < 5; again++) {
            poll("alice", "?wait=0&cursor=" + cursor);
        }
        assertThat(asks("/poll", "alice!").get(10, TimeUnit.SECONDS).statusCode())
                .isEqualTo(200);
    }

    @Test
    void rateOfPollsIsTheConfiguredOne() throws Exception {
        restart(new Gateway(Limits.DEFAULT, RateConfig.UNLIMITED.with(new Clients(0, 0, 3))));
        String cursor = poll("alice", "").path("cursor").asText();
        poll("alice", "?wait=0&cursor=" + cursor);
        poll("alice", "?wait=0&cursor=" + cursor);

        assertThat(asks("/poll?wait=0&cursor=" + cursor, "alice")
                        .get(10, TimeUnit.SECONDS)
                        .statusCode())
                .isEqualTo(429);
    }

    @Test
    void whoPollsWithoutWaitingIsRefusedBeforeLong() throws Exception {
        String cursor = poll("alice", "").path("cursor").asText();
        for (int again = 1; again < 100; again++) {
            poll("alice", "?wait=0&cursor=" + cursor);
        }

        HttpResponse<String> refused =
                asks("/poll?wait=0&cursor=" + cursor, "alice").get(10, TimeUnit.SECONDS);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("RATE_LIMITED");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        poll("bob", "");
        gateway.clock.advance(Duration.ofSeconds(1));
        poll("alice", "?wait=0&cursor=" + cursor);
    }

    @Test
    void connectionThatFailsToBeginKeepsNothing() throws Exception {
        restart(new Gateway(ConnectionConfig.DEFAULT, 1));
        for (int again = 0; again < 2; again++) {
            gateway.failsToOpen = true;
            CompletableFuture<HttpResponse<String>> stream = asks("/events", "alice");
            assertThatThrownBy(() -> stream.get(20, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
            awaitRoom();
            assertThat(Client.connect(gateway, "?token=alice").closed()).isEqualTo(1013);
            gateway.failsToOpen = false;
            awaitRoom();
        }
    }

    /// There is one place only, so who is let in shows that nobody holds it.
    private void awaitRoom() {
        await().until(() -> gateway.registry.size() == 0 && gateway.shards.leases() == 0);
        await().until(() -> asks("/poll", "alice").get(10, TimeUnit.SECONDS).statusCode() == 200);
        await().until(() -> gateway.shards.leases() == 0);
    }

    @Test
    void connectionsOfAllKindsAreBoundedTogetherAndGivenBack() throws Exception {
        restart(new Gateway(ConnectionConfig.DEFAULT, 4));
        List<EventClient> open = new ArrayList<>();
        for (String user : List.of("alice", "shop/bob")) {
            open.add(events(user));
            open.getLast().next("connected");
        }
        gateway.connect("carol");
        gateway.connect("shop/dave");

        assertThat(asks("/poll", "demo/eve").get(10, TimeUnit.SECONDS).statusCode())
                .isEqualTo(503);
        assertThat(asks("/events", "demo/eve").get(10, TimeUnit.SECONDS).statusCode())
                .isEqualTo(503);
        for (EventClient client : open) {
            client.close();
        }
        // Though nothing is written to them.
        await().atMost(Duration.ofSeconds(1)).until(() -> gateway.registry.size() == 2 && gateway.shards.leases() == 2);
        assertThat(asks("/poll", "demo/eve").get(10, TimeUnit.SECONDS).statusCode())
                .isEqualTo(200);
    }

    @Test
    void streamEndsWithItsToken() throws Exception {
        try (EventClient alice = events("alice~60")) {
            alice.next("connected");
            gateway.clock.advance(Duration.ofSeconds(40));
            alice.next("token.expiring");
            gateway.clock.advance(Duration.ofSeconds(30));

            assertThat(alice.next()).isNull();
        }
        await().until(() -> gateway.registry.size() == 0 && gateway.shards.leases() == 0);
    }

    @Test
    void slowReaderIsToldWhatItMissedAndCostsNoMoreThanItsBound() throws Exception {
        restart(new Gateway(
                ConnectionConfig.DEFAULT.with(ConnectionConfig.DEFAULT.outbox().withBytesMax(64 * 1024)), 1_000));
        try (EventClient alice = events("alice")) {
            alice.next("connected");
            String text = "x".repeat(3_000);
            await().until(() -> {
                for (int i = 0; i < 100; i++) {
                    gateway.deliver(Deliveries.event("default", "c1", i, text, "alice"));
                }
                return overflows() > 0;
            });

            JsonNode frame = alice.next("message.new");
            while (frame.path("type").asText().equals("message.new")) {
                frame = java.util.Objects.requireNonNull(alice.next());
            }
            assertThat(frame.path("type").asText()).isEqualTo("resync");
            assertThat(frame.at("/payload/conversationIds/0").asText()).isEqualTo("c1");
        }
    }

    @Test
    void resumeBringsNothingThatWasDroppedBeforeAResync() throws Exception {
        restart(new Gateway(
                ConnectionConfig.DEFAULT.with(ConnectionConfig.DEFAULT.outbox().withBytesMax(64 * 1024)), 1_000));
        String id;
        try (EventClient alice = events("alice")) {
            alice.next("connected");
            await().until(() -> {
                for (int i = 0; i < 100; i++) {
                    gateway.deliver(Deliveries.event("default", "c1", i, "x".repeat(3_000), "alice"));
                }
                return overflows() > 0;
            });
            JsonNode frame = alice.next("message.new");
            while (!frame.path("type").asText().equals("resync")) {
                frame = java.util.Objects.requireNonNull(alice.next());
            }
            gateway.deliver(Deliveries.event("default", "c2", 1, "behind the resync", "alice"));
            while (!frame.at("/payload/conversationId").asText().equals("c2")) {
                frame = java.util.Objects.requireNonNull(alice.next());
            }
            id = alice.id();
        }
        gateway.deliver(Deliveries.event("default", "c2", 2, "missed", "alice"));

        try (EventClient again = new EventClient(gateway, "?token=alice&resume=" + id, "")) {
            assertThat(again.next("connected").path("resumed").asBoolean()).isTrue();
            JsonNode missed = again.next("messages.offline").path("payload");
            // The sync of c1 is still the client's to make.
            assertThat(missed.path("conversationId").asText()).isEqualTo("c2");
            assertThat(missed.path("messages")).hasSize(1);
        }
    }

    private double overflows() {
        return gateway.meters.find("milena.gateway.outbox.overflows").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    @Test
    void pollWithoutACursorBeginsAndOneWithItGoesOn() throws Exception {
        JsonNode begun = poll("alice", "");
        assertThat(begun.path("frames")).hasSize(1);
        assertThat(begun.at("/frames/0/type").asText()).isEqualTo("connected");
        String cursor = begun.path("cursor").asText();
        assertThat(begun.at("/frames/0/resumeToken").asText()).isEqualTo(cursor);
        assertThat(poll("alice", "?wait=0&cursor=" + cursor).path("frames")).isEmpty();

        message(1, "alice");
        gateway.deliver(Deliveries.event("shop", "c1", 7, "hi", "alice"));
        gateway.deliver(Deliveries.receipt("c1", "read", "bob", 1, "alice"));
        message(2, "alice");

        for (int again = 0; again < 2; again++) {
            JsonNode polled = poll("alice", "?cursor=" + cursor);
            assertThat(polled.path("frames"))
                    .extracting(frame -> frame.path("type").asText())
                    .containsExactly("message.new", "message.read_receipt", "message.new");
            assertThat(poll("alice", "?wait=0&cursor=" + polled.path("cursor").asText())
                            .path("frames"))
                    .isEmpty();
        }
        await().until(() -> gateway.shards.leases() == 0);
    }

    @Test
    void pollThatWaitsIsAnsweredByTheNextFrame() throws Exception {
        String cursor = poll("alice", "").path("cursor").asText();
        CompletableFuture<HttpResponse<String>> waiting = asks("/poll?wait=30&cursor=" + cursor, "alice");
        await().until(() -> gateway.shards.leases() == 1);
        message(1, "bob");
        message(2, "alice");

        JsonNode polled = answer(waiting);
        assertThat(polled.path("frames")).hasSize(1);
        assertThat(number(polled.at("/frames/0"))).isEqualTo(2);
        await().until(() -> gateway.shards.leases() == 0);
    }

    @Test
    void nothingIsLostBetweenPollsThatFollowEachOther() throws Exception {
        // Exempt from rates: how often it asks is not for this test.
        String cursor = poll("alice!", "").path("cursor").asText();
        Thread sender = Thread.startVirtualThread(() -> {
            for (long number = 1; number <= 2_000; number++) {
                message(number, "alice");
            }
        });
        List<Long> numbers = new ArrayList<>();
        while (numbers.size() < 2_000) {
            JsonNode polled = poll("alice!", "?wait=10&cursor=" + cursor);
            assertThat(polled.path("frames")).hasSizeBetween(1, 100);
            polled.path("frames").forEach(frame -> numbers.add(number(frame)));
            cursor = polled.path("cursor").asText();
        }
        sender.join();
        assertThat(numbers).isSorted().doesNotHaveDuplicates().hasSize(2_000);
    }

    @Test
    void abandonedPollsTakeNoPlaceFromTheNextOne() throws Exception {
        String cursor = poll("alice!", "").path("cursor").asText();
        String request = "GET /poll?wait=30&cursor=" + cursor
                + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer alice!\r\n\r\n";
        List<Socket> abandoned = new ArrayList<>();
        for (int i = 0; i < 105; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.front.port());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            abandoned.add(socket);
        }
        await().until(() -> gateway.present.get() == Gateway.USER_CONNECTIONS_MAX);
        assertThat(asks("/poll", "alice!").get(10, TimeUnit.SECONDS).statusCode())
                .isEqualTo(503);

        for (Socket socket : abandoned) {
            socket.close();
        }

        await().atMost(Duration.ofSeconds(1))
                .until(() -> asks("/poll", "alice!").get(10, TimeUnit.SECONDS).statusCode() == 200);
        await().atMost(Duration.ofSeconds(1)).until(() -> gateway.present.get() == 0 && gateway.shards.leases() == 0);
    }

    @Test
    void pollEndsWithItsTokenWhateverComesThen() throws Exception {
        String cursor = poll("alice", "").path("cursor").asText();
        CompletableFuture<HttpResponse<String>> waiting = asks("/poll?cursor=" + cursor, "alice~3");
        await().until(() -> gateway.shards.leases() == 1);
        gateway.clock.advance(Duration.ofSeconds(4));

        message(1, "alice");

        HttpResponse<String> answer = waiting.get(10, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("\"reason\":\"token expired\"").doesNotContain("hi");
        assertThat(poll("alice", "?cursor=" + cursor).path("frames")).hasSize(1);
    }

    @Test
    void pollEndsWithItsTokenThoughNothingComes() throws Exception {
        String cursor = poll("alice", "").path("cursor").asText();
        CompletableFuture<HttpResponse<String>> waiting = asks("/poll?cursor=" + cursor, "alice~1");
        await().until(() -> gateway.shards.leases() == 1);
        gateway.clock.advance(Duration.ofSeconds(1));

        assertThat(waiting.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(401);
        await().until(() -> gateway.shards.leases() == 0 && gateway.present.get() == 0);
    }

    @Test
    void pollThatWaitedInVainIsAnsweredWithNothingAndWhereToGoOn() throws Exception {
        String cursor = poll("alice", "").path("cursor").asText();

        JsonNode polled = poll("alice", "?wait=1&cursor=" + cursor);

        assertThat(polled.path("frames")).isEmpty();
        message(1, "alice");
        assertThat(poll("alice", "?cursor=" + polled.path("cursor").asText()).path("frames"))
                .hasSize(1);
    }

    @Test
    void cursorThatIsNoneBeginsAfresh() throws Exception {
        String others = poll("bob", "").path("cursor").asText();
        for (String cursor : List.of("none", others)) {
            JsonNode polled = poll("alice", "?cursor=" + cursor);
            assertThat(polled.at("/frames/0/type").asText()).isEqualTo("connected");
            assertThat(polled.at("/frames/0/resumed").asBoolean(true)).isFalse();
            assertThat(polled.path("cursor").asText()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"31", "-1", "x", "1.5", "", "999999999999"})
    void waitThatIsNoneIsRefused(String wait) throws Exception {
        assertThat(asks("/poll?wait=" + wait, "alice").get(10, TimeUnit.SECONDS).statusCode())
                .isEqualTo(400);
    }

    @Test
    void pollsThatWaitAreSentAwayByADrain() throws Exception {
        String cursor = poll("alice", "").path("cursor").asText();
        CompletableFuture<HttpResponse<String>> waiting = asks("/poll?cursor=" + cursor, "alice");
        await().until(() -> gateway.shards.leases() == 1);

        await().until(() -> {
            gateway.polls.drain();
            return waiting.isDone();
        });
        JsonNode polled = answer(waiting);
        assertThat(polled.at("/frames/0/type").asText()).isEqualTo("server.draining");
        assertThat(polled.path("cursor").asText()).isNotEmpty();
    }
}
