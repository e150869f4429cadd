package chat.milena.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.ephemeral.rate.RateConfig;
import chat.milena.gateway.Deliveries;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.protocol.frame.Limits;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Every limit of size at its bound and one past it, with other bounds than the usual ones.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitsIT {
    private static final int TEXT_MAX = 7;
    private static final int METADATA_MAX = 20;
    private static final int FRAME_MAX = 1_500;
    private static final int MEMBERS_MAX = 4;

    private Gateway gateway;
    private Client alice;

    @BeforeAll
    void start() throws Exception {
        gateway = new Gateway(new Limits(TEXT_MAX, METADATA_MAX, FRAME_MAX, MEMBERS_MAX), RateConfig.UNLIMITED);
        alice = gateway.connect("alice");
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private static String people(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"u" + i + "\"").collect(Collectors.joining(",", "[", "]"));
    }

    private static String message(String content) {
        return "{\"messageId\":\"m1\",\"conversationId\":\"c1\",\"content\":" + content + "}";
    }

    private static String text(int characters) {
        return message("{\"type\":\"text\",\"text\":\"" + "\uD83D\uDE00".repeat(characters) + "\"}");
    }

    private static String metadata(int bytes) {
        return message("{\"type\":\"text\",\"text\":\"x\",\"metadata\":{\"k\":\"" + "x".repeat(bytes - 8) + "\"}}");
    }

    private static String padded(int bytes) {
        String frame = "{\"type\":\"heartbeat\",\"pad\":\"\"}";
        return frame.replace("\"\"", "\"" + "x".repeat(bytes - frame.length()) + "\"");
    }

    private int post(String path, String body, boolean fits) throws Exception {
        return post(gateway, path, body, fits);
    }

    private static int post(Gateway gateway, String path, String body, boolean fits) throws Exception {
        var answer = gateway.http.sendAsync(gateway.post(path, "alice", body).build(), BodyHandlers.ofString());
        if (fits) {
            gateway.deliver(Deliveries.accepted(gateway.log.take(), 3));
        }
        HttpResponse<String> done = answer.join();
        if (!fits) {
            assertThat(new JsonMapper().readTree(done.body()).get("error").asText())
                    .isEqualTo("TOO_LARGE");
            assertThat(gateway.log.size()).isZero();
        }
        return done.statusCode();
    }

    private void send(String payload, boolean fits, String field) throws Exception {
        alice.send("{\"type\":\"message.send\",\"payload\":" + payload + "}");
        if (fits) {
            gateway.deliver(Deliveries.accepted(gateway.log.take(), 3));
            alice.next("message.ack");
        } else {
            var error = alice.next("error").get("payload");
            assertThat(error.get("error").asText()).isEqualTo("TOO_LARGE");
            assertThat(error.get("message").asText()).startsWith("payload." + field);
        }
    }

    @Test
    void textIsCountedInCodePoints() throws Exception {
        send(text(TEXT_MAX), true, "");
        send(text(TEXT_MAX + 1), false, "content.text: must be at most 7 characters");
        assertThat(post("/api/v1/conversations/c1/messages", text(TEXT_MAX), true))
                .isEqualTo(201);
        assertThat(post("/api/v1/conversations/c1/messages", text(TEXT_MAX + 1), false))
                .isEqualTo(413);
    }

    @Test
    void metadataIsCountedInBytes() throws Exception {
        send(metadata(METADATA_MAX), true, "");
        send(metadata(METADATA_MAX + 1), false, "content.metadata: must be at most 20 bytes");
        assertThat(post("/api/v1/conversations/c1/messages", metadata(METADATA_MAX), true))
                .isEqualTo(201);
        assertThat(post("/api/v1/conversations/c1/messages", metadata(METADATA_MAX + 1), false))
                .isEqualTo(413);
    }

    @Test
    void membersAreCountedWithTheCreator() throws Exception {
        String group = "{\"name\":\"n\",\"participantIds\":";
        assertThat(post("/api/v1/groups", group + people(MEMBERS_MAX - 1) + "}", true))
                .isEqualTo(201);
        assertThat(post("/api/v1/groups", group + people(MEMBERS_MAX) + "}", false))
                .isEqualTo(413);
        String members = "/api/v1/conversations/c1/members";
        assertThat(post(members, "{\"userIds\":" + people(MEMBERS_MAX) + "}", true))
                .isEqualTo(200);
        assertThat(post(members, "{\"userIds\":" + people(MEMBERS_MAX + 1) + "}", false))
                .isEqualTo(413);
    }

    @Test
    void frameAndBodyAreCountedInBytes() throws Exception {
        Client bob = gateway.connect("bob");
        bob.send(padded(FRAME_MAX));
        bob.next("heartbeat");
        bob.send(padded(FRAME_MAX + 1));
        assertThat(bob.closed()).isEqualTo(1009);

        String message = "/api/v1/conversations/c1/messages";
        assertThat(post(message, paddedMessage(FRAME_MAX), true)).isEqualTo(201);
        assertThat(post(message, paddedMessage(FRAME_MAX + 1), false)).isEqualTo(413);
    }

    private static String paddedMessage(int bytes) {
        String message = "{\"pad\":\"\"," + text(1).substring(1);
        int bare = message.getBytes(StandardCharsets.UTF_8).length;
        return message.replace("\"\"", "\"" + "x".repeat(bytes - bare) + "\"");
    }

    @Test
    void bodyThatListsMembersHoldsAllWhomAGroupMayHave() throws Exception {
        String others = longIds(Limits.DEFAULT.membersMax() - 1);
        String group = "{\"name\":\"" + "\\ud83d\\ude00".repeat(200) + "\",\"participantIds\":" + others + "}";
        assertThat(group.length()).isGreaterThan(Limits.DEFAULT.frameBytesMax());
        String members = "{\"userIds\":" + others + "}";
        int most = Limits.DEFAULT.membersBytesMax();
        try (Gateway usual = new Gateway(Limits.DEFAULT, RateConfig.UNLIMITED)) {
            assertThat(post(usual, "/api/v1/groups", group, true)).isEqualTo(201);
            assertThat(post(usual, "/api/v1/conversations/c1/members", members, true))
                    .isEqualTo(200);
            assertThat(post(usual, "/api/v1/groups", blanksUpTo(most, group), true))
                    .isEqualTo(201);
            assertThat(post(usual, "/api/v1/groups", blanksUpTo(most + 1, group), false))
                    .isEqualTo(413);
            String message = blanksUpTo(Limits.DEFAULT.frameBytesMax() + 1, text(1));
            assertThat(post(usual, "/api/v1/conversations/c1/messages", message, false))
                    .isEqualTo(413);
        }
    }

    private static String blanksUpTo(int bytes, String json) {
        return json + " ".repeat(bytes - json.getBytes(StandardCharsets.UTF_8).length);
    }

    private static String longIds(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"" + "%064d".formatted(i) + "\"")
                .collect(Collectors.joining(", ", "[", "]"));
    }

    @Test
    void heartbeatIntervalIsToldAndSilenceIsBorneForAsLongAsIsSaid() throws Exception {
        ConnectionConfig quick = ConnectionConfig.DEFAULT.with(
                ConnectionConfig.DEFAULT.liveness().withSilence(Duration.ofSeconds(5), Duration.ofSeconds(12)));
        try (Gateway other = new Gateway(quick, 10)) {
            Client bob = Client.connect(other, "?token=bob");
            assertThat(bob.next("connected").get("heartbeatInterval").asInt()).isEqualTo(5_000);

            other.clock.advance(Duration.ofMillis(11_999));
            bob.send("{\"type\":\"heartbeat\"}");
            bob.next("heartbeat");
            other.clock.advance(Duration.ofSeconds(12));

            assertThat(bob.closed()).isEqualTo(4408);
        }
    }
}
