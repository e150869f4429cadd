package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.FreePorts;
import chat.milena.testsupport.RedisServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Who is there and who is typing, as the others see it, over two gateways and a Redis that goes away.
@Tag("alone")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PresenceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @RegisterExtension
    @Order(1)
    final RedisServer redis = new RedisServer(FreePorts.take(1).getFirst());

    @RegisterExtension
    @Order(2)
    final RunningMilena milena =
            new RunningMilena().with("MILENA_REDIS_URL", redis.url().toString());

    private final List<RawSocket> sockets = new ArrayList<>();
    private Tenant home;

    @BeforeEach
    void open() {
        home = Tenant.ofDefault(milena);
        awaitReadiness("presence: ready");
    }

    @AfterEach
    void close() throws IOException {
        for (RawSocket socket : sockets) {
            socket.close();
        }
        sockets.clear();
        home.close();
    }

    private void awaitReadiness(String line) {
        await().atMost(PATIENCE)
                .until(() -> milena.isReady() && milena.readiness().lines().anyMatch(one -> one.startsWith(line)));
    }

    private RawSocket connect(String userId) throws IOException {
        return connect(milena.port(), userId);
    }

    private RawSocket connect(int port, String userId) throws IOException {
        RawSocket socket = RawSocket.connected(port, home.tokenOf(userId));
        sockets.add(socket);
        return socket;
    }

    private static void says(RawSocket socket, String type, String payload) throws IOException {
        socket.text("{\"type\":\"" + type + "\",\"id\":\"" + type + "\",\"payload\":{" + payload + "}}");
    }

    /// What is answered, whatever comes before it.
    private static JsonNode asks(RawSocket socket, String type, String payload) throws IOException {
        says(socket, type, payload);
        JsonNode frame = socket.nextFrame();
        while (!frame.path("id").asText().equals(type)) {
            frame = socket.nextFrame();
        }
        return frame;
    }

    /// Asks again while presence is paused, as it is for moments where a machine is so slow that Redis seems away.
    private static JsonNode subscribes(RawSocket socket, String... userIds) {
        String payload = "\"userIds\":[\"" + String.join("\",\"", userIds) + "\"]";
        JsonNode answer = await().atMost(PATIENCE)
                .until(() -> asks(socket, "presence.subscribe", payload), PresenceIT::isNotPaused);
        assertThat(answer.path("type").asText()).as("%s", answer).isEqualTo("presence.bulk");
        return answer.at("/payload/presences");
    }

    private static boolean isNotPaused(JsonNode answer) {
        return !answer.at("/payload/error").asText().equals("UNAVAILABLE");
    }

    private static void assertUpdate(RawSocket observer, String userId, String status) throws IOException {
        JsonNode update = observer.nextFrame("presence.update").get("payload");
        assertThat(update.path("userId").asText()).as("%s", update).isEqualTo(userId);
        assertThat(update.path("status").asText()).as("%s", update).isEqualTo(status);
        assertThat(update.path("lastSeen").asLong()).as("%s", update).isPositive();
        assertThat(update.path("typingIn").isArray()).as("%s", update).isTrue();
    }

    private static void assertTyping(RawSocket observer, String userId, boolean isTyping) throws IOException {
        JsonNode frame = observer.nextFrame();
        assertThat(frame.path("type").asText()).as("%s", frame).isEqualTo("typing.update");
        assertThat(frame.at("/payload/userId").asText()).isEqualTo(userId);
        assertThat(frame.at("/payload/isTyping").asBoolean()).isEqualTo(isTyping);
    }

    private static void sends(RawSocket socket, String talk, String messageId) throws IOException {
        JsonNode answer = asks(
                socket,
                "message.send",
                "\"messageId\":\"" + messageId + "\",\"conversationId\":\"" + talk
                        + "\",\"content\":{\"type\":\"text\",\"text\":\"hi\"}");
        assertThat(answer.path("type").asText()).as("%s", answer).isEqualTo("message.ack");
    }

    @Test
    void whoSharesAConversationIsSeenComingAndGoingAndNotWhenTheyOnlyReconnect() throws Exception {
        home.direct("alice", "bob");
        RawSocket alice = connect("alice");
        JsonNode first = subscribes(alice, "bob", "mallory", "nobody");
        assertThat(first).hasSize(1);
        assertThat(first.get(0).path("userId").asText()).isEqualTo("bob");
        assertThat(first.get(0).path("status").asText()).isEqualTo("offline");

        RawSocket phone = connect("bob");
        assertUpdate(alice, "bob", "online");
        asks(phone, "presence.set", "\"status\":\"away\",\"deviceType\":\"phone\"");
        assertUpdate(alice, "bob", "away");
        RawSocket laptop = connect("bob");
        assertUpdate(alice, "bob", "online");
        laptop.close();
        phone.close();
        RawSocket again = connect("bob");
        asks(again, "presence.set", "\"status\":\"away\"");
        // Nothing in between: they were never gone.
        assertUpdate(alice, "bob", "away");
        again.close();
        assertUpdate(alice, "bob", "offline");
    }

    @Test
    void whoOnlyPollsIsThereAndWhosePollOrStreamIsCutIsGoneSoon() throws Exception {
        home.direct("jack", "kate");
        RawSocket jack = connect("jack");
        subscribes(jack, "kate");
        String cursor = polls("kate", "").path("cursor").asText();
        assertUpdate(jack, "kate", "online");
        // Together longer than the grace.
        for (int i = 0; i < 4; i++) {
            assertThat(polls("kate", "?wait=2&cursor=" + cursor).path("frames")).isEmpty();
        }
        // Nothing in between: she was never gone.
        assertUpdate(jack, "kate", "offline");

        for (String path : List.of("/events?", "/poll?cursor=" + cursor + "&")) {
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), milena.port())) {
                String request =
                        "GET " + path + "token=" + home.tokenOf("kate") + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
                client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                assertUpdate(jack, "kate", "online");
            }
            long cutNanos = System.nanoTime();
            assertUpdate(jack, "kate", "offline");
            assertThat(Duration.ofNanos(System.nanoTime() - cutNanos)).isLessThan(Duration.ofSeconds(15));
        }
    }

    private JsonNode polls(String userId, String query) throws IOException, InterruptedException {
        Rest.Answer answer = home.rest().call("GET", "/poll" + query, home.tokenOf(userId), "");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void strangersAreNotSeenAndTooManyAreRefused() throws Exception {
        RawSocket mallory = connect("mallory");
        assertThat(subscribes(mallory, "alice", "bob")).isEmpty();

        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            many.append(i == 0 ? "" : ",").append("\"user-").append(i).append('"');
        }
        JsonNode answer = asks(mallory, "presence.subscribe", "\"userIds\":[" + many + "]");

        assertThat(answer.at("/payload/error").asText()).isEqualTo("TOO_LARGE");
        assertThat(answer.at("/payload/message").asText()).startsWith("payload.userIds: ");
        assertThat(asks(mallory, "presence.unsubscribe", "\"userIds\":[\"alice\",\"bob\"]")
                        .path("type")
                        .asText())
                .isEqualTo("ok");
    }

    @Test
    void typingIsSeenByOtherMembersAloneAndEndsByItselfOrSilentlyByAMessage() throws Exception {
        String talk = home.direct("cleo", "dan");
        String group = home.group("cleo", "dan");
        String about = "\"conversationId\":\"" + talk + "\"";
        RawSocket cleo = connect("cleo");
        RawSocket cleosLaptop = connect("cleo");
        RawSocket dan = connect("dan");
        RawSocket mallory = connect("mallory");
        assertThat(asks(mallory, "typing.start", about).at("/payload/error").asText())
                .isEqualTo("CONVERSATION_NOT_FOUND");
        assertThat(asks(mallory, "typing.start", "\"conversationId\":\"" + group + "\"")
                        .at("/payload/error")
                        .asText())
                .isEqualTo("FORBIDDEN");

        assertThat(asks(cleo, "typing.start", about).path("type").asText()).isEqualTo("ok");
        assertTyping(dan, "cleo", true);
        assertThat(subscribes(dan, "cleo").get(0).path("typingIn").toString()).isEqualTo("[\"" + talk + "\"]");
        sends(cleo, talk, "m1");
        assertThat(dan.nextFrame().path("type").asText()).isEqualTo("message.new");
        asks(cleo, "typing.start", about);
        assertTyping(dan, "cleo", true);
        asks(cleo, "typing.stop", about);
        assertTyping(dan, "cleo", false);
        asks(cleo, "typing.start", "\"conversationId\":\"" + group + "\"");
        assertTyping(dan, "cleo", true);
        assertTyping(dan, "cleo", false);

        // All that came meanwhile to the typist's other device: what was said.
        assertThat(cleosLaptop.nextFrame().path("type").asText()).isEqualTo("message.new");
        says(cleosLaptop, "presence.set", "\"status\":\"online\"");
        assertThat(cleosLaptop.nextFrame().path("type").asText()).isEqualTo("ok");
    }

    @Test
    void presenceAndTypingCrossGatewaysAndADrainedOnesUsersAreOffline() throws Exception {
        String talk = home.direct("eve", "finn");
        RawSocket eve = connect("eve");
        subscribes(eve, "finn");
        try (SecondGateway other = new SecondGateway(milena, redis.url().toString(), Set.of("eve", "finn"))) {
            RawSocket finn = connect(other.port(), "finn");
            assertUpdate(eve, "finn", "online");
            says(eve, "typing.start", "\"conversationId\":\"" + talk + "\"");
            assertThat(finn.nextFrame("typing.update").at("/payload/userId").asText())
                    .isEqualTo("eve");
            await().atMost(PATIENCE).until(() -> subscribeOver(finn, "eve"));
        }
        assertUpdate(eve, "finn", "offline");
    }

    /// Whether it is answered that she is there; another gateway may not be with Redis yet.
    private static boolean subscribeOver(RawSocket socket, String userId) throws IOException {
        JsonNode answer = asks(socket, "presence.subscribe", "\"userIds\":[\"" + userId + "\"]");
        return answer.at("/payload/presences/0/status").asText().equals("online");
    }

    @Test
    void withoutRedisMessagesGoOnAndWithItAgainAllThatWasMissedIsTold() throws Exception {
        String talk = home.direct("gina", "hugo");
        home.direct("gina", "ida");
        RawSocket gina = connect("gina");
        RawSocket hugo = connect("hugo");
        subscribes(gina, "hugo", "ida");
        await().atMost(PATIENCE).until(() -> subscribeOver(gina, "hugo"));

        redis.kill();
        try {
            awaitReadiness("presence: paused");
            for (int i = 0; i < 20; i++) {
                sends(gina, talk, "m" + i);
                assertThat(hugo.nextFrame("message.new")
                                .at("/payload/messageId")
                                .asText())
                        .isEqualTo("m" + i);
            }
            assertThat(asks(gina, "typing.start", "\"conversationId\":\"" + talk + "\"")
                            .path("type")
                            .asText())
                    .isEqualTo("ok");
            assertThat(asks(hugo, "presence.subscribe", "\"userIds\":[\"gina\"]")
                            .at("/payload/error")
                            .asText())
                    .isEqualTo("UNAVAILABLE");
            connect("ida");
        } finally {
            redis.start();
        }

        awaitReadiness("presence: ready");
        assertUpdate(gina, "ida", "online");
        assertThat(subscribeOver(hugo, "gina")).isTrue();
        hugo.close();
        assertUpdate(gina, "hugo", "offline");
    }
}
