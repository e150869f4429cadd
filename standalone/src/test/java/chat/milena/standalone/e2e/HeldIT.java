package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages of a premoderated group, as their sender, an admin, another member and a moderator see them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HeldIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @RegisterExtension
    final RunningMilena milena = new RunningMilena().with("MILENA_LARGE_GROUP_FROM", "4");

    private Tenant home;
    private String group;

    /// The admin ann, ben who writes, and cid.
    @BeforeEach
    void open() throws Exception {
        home = new Tenant(milena, "t" + UUID.randomUUID());
        begin("ben", "cid");
    }

    private void begin(String... otherIds) throws Exception {
        group = home.group("ann", otherIds);
        Rest.Answer set = call("PATCH", "", "ann", "{\"settings\":{\"premoderation\":true}}");
        assertThat(set.body().at("/settings/premoderation").asBoolean()).isTrue();
    }

    @AfterEach
    void close() {
        home.close();
    }

    private Rest.Answer call(String method, String path, String userId, String body) throws Exception {
        return home.rest().call(method, "/api/v1/conversations/" + group + path, home.tokenOf(userId), body);
    }

    private Rest.Answer decides(String messageId, String action) throws Exception {
        return decides(messageId, action, "");
    }

    private Rest.Answer releases(String messageId, int revision) throws Exception {
        return decides(messageId, "release", ",\"revision\":" + revision);
    }

    private Rest.Answer decides(String messageId, String action, String more) throws Exception {
        return home.rest()
                .call(
                        "POST",
                        "/api/v1/moderation/decisions",
                        home.moderator("mia"),
                        "{\"conversationId\":\"%s\",\"messageId\":\"%s\",\"action\":\"%s\"%s}"
                                .formatted(group, messageId, action, more));
    }

    private JsonNode queue(String state) throws Exception {
        return home.rest()
                .call("GET", "/api/v1/moderation/reports?state=" + state, home.moderator("mia"), "")
                .body()
                .path("reports");
    }

    private void edits(String userId, String messageId, String text) throws Exception {
        String body = "{\"content\":{\"type\":\"text\",\"text\":\"%s\"}}".formatted(text);
        assertThat(call("PATCH", "/messages/" + messageId, userId, body)
                        .body()
                        .path("held")
                        .asBoolean())
                .isTrue();
    }

    /// How far a member has read, as another one is answered it; 0 without any.
    private long readBy(String memberId) throws Exception {
        return call("GET", "/receipts", "cid", "")
                .body()
                .path("receipts")
                .valueStream()
                .filter(line -> line.path("userId").asText().equals(memberId))
                .mapToLong(line -> line.path("readUpToSequence").asLong())
                .sum();
    }

    /// All frames up to one that says a text.
    private static String until(String text, Callable<JsonNode> next) throws Exception {
        StringBuilder frames = new StringBuilder();
        while (frames.indexOf(text) < 0) {
            frames.append(next.call()).append('\n');
        }
        return frames.toString();
    }

    /// The entry of a number, as a user is answered it now.
    private JsonNode entry(String userId, long number) throws Exception {
        JsonNode messages = call("GET", "/messages?after=" + (number - 1) + "&limit=1", userId, "")
                .body()
                .path("messages");
        return messages.get(0);
    }

    private JsonNode line(String userId) throws Exception {
        return StreamSupport.stream(
                        home.rest()
                                .call("GET", "/api/v1/conversations", home.tokenOf(userId), "")
                                .body()
                                .path("conversations")
                                .spliterator(),
                        false)
                .filter(line -> line.path("conversationId").asText().equals(group))
                .findFirst()
                .orElseThrow();
    }

    private static ObjectNode hidden(long number, JsonNode timestamp) {
        ObjectNode hidden = Rest.JSON.createObjectNode();
        hidden.put("sequenceNumber", Math.toIntExact(number));
        hidden.set("timestamp", timestamp);
        return hidden;
    }

    @Test
    void heldMessageIsShownToItsSenderAndAdminsUntilItIsReleasedToAll() throws Exception {
        try (RawSocket ann = RawSocket.connected(milena.port(), home.tokenOf("ann"));
                RawSocket ben = RawSocket.connected(milena.port(), home.tokenOf("ben"));
                RawSocket cid = RawSocket.connected(milena.port(), home.tokenOf("cid"))) {
            Rest.Answer sent = home.posts("ben", group, "m1", "psst");
            assertThat(sent.status()).as(sent.text()).isEqualTo(201);
            assertThat(sent.body().path("held").asBoolean()).isTrue();
            long number = sent.body().path("sequenceNumber").asLong();
            JsonNode timestamp = sent.body().path("timestamp");
            assertThat(home.posts("ben", group, "m1", "psst")
                            .body()
                            .path("held")
                            .asBoolean())
                    .as("a resend")
                    .isTrue();
            for (RawSocket shown : List.of(ann, ben)) {
                JsonNode frame = shown.nextFrame("message.new").path("payload");
                assertThat(frame.path("held").asBoolean()).isTrue();
                assertThat(frame.at("/content/text").asText()).isEqualTo("psst");
            }
            assertThat(cid.nextFrame("message.new").path("payload"))
                    .isEqualTo(hidden(number, timestamp)
                            .put("conversationId", group)
                            .put("hidden", true));
            assertThat(entry("cid", number))
                    .isEqualTo(hidden(number, timestamp).put("kind", "message").put("hidden", true));
            for (String userId : List.of("ann", "ben")) {
                assertThat(entry(userId, number).path("held").asBoolean()).isTrue();
                assertThat(entry(userId, number).at("/content/text").asText()).isEqualTo("psst");
            }
            assertThat(entry("ben", number).path("status").asText()).isEqualTo("SENT");
            for (String path : List.of("", "/reactions", "/receipts")) {
                Rest.Answer refused = call("GET", "/messages/m1" + path, "cid", "");
                assertThat(refused.body().path("error").asText()).as(path).isEqualTo("MESSAGE_NOT_FOUND");
            }
            assertThat(call("PUT", "/messages/m1/reactions/x", "cid", "").status())
                    .isEqualTo(404);
            assertThat(line("cid").path("unreadCount").asLong()).isZero();
            assertThat(line("cid").path("lastMessage").isNull()).isTrue();
            assertThat(home.rest()
                            .call("GET", "/api/v1/server", "", "")
                            .body()
                            .at("/features/moderation")
                            .asBoolean())
                    .isTrue();
            JsonNode row = queue("open").get(0);
            assertThat(row.path("held").asBoolean()).isTrue();
            assertThat(row.at("/message/content/text").asText()).isEqualTo("psst");
            assertThat(row.at("/message/held").asBoolean()).isTrue();

            assertThat(home.posts("ann", group, "a1", "an admin").body().has("held"))
                    .isFalse();
            Rest.Answer released = decides("m1", "release");
            assertThat(released.status()).as(released.text()).isEqualTo(200);
            for (RawSocket socket : List.of(ann, ben, cid)) {
                JsonNode frame = socket.nextFrame("message.updated").path("payload");
                assertThat(frame.path("released").asBoolean()).isTrue();
                assertThat(frame.path("targetSequence").asLong()).isEqualTo(number);
                assertThat(frame.path("sequenceNumber").asLong()).isEqualTo(number + 2);
                assertThat(frame.path("senderId").asText()).isEqualTo("ben");
                assertThat(frame.at("/content/text").asText()).isEqualTo("psst");
                assertThat(frame.has("editedAt")).isFalse();
                assertThat(frame.toString()).doesNotContain("mia");
            }
            JsonNode now = entry("cid", number);
            assertThat(now.path("senderId").asText()).isEqualTo("ben");
            assertThat(now.has("held") || now.has("hidden")).isFalse();
            assertThat(entry("cid", number + 2).path("kind").asText()).isEqualTo("message.released");
            assertThat(line("cid").path("unreadCount").asLong()).isEqualTo(2);
            assertThat(decides("m1", "release").body().path("duplicate").asBoolean())
                    .isTrue();
            assertThat(home.posts("ben", group, "m1", "psst").body().has("held"))
                    .isFalse();
            assertThat(queue("open").size()).isZero();
        }
    }

    /// In a group of four members, which is a large one here, events go another way.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoComesBackLearnsOfAHiddenMessageThatItIsThere(boolean large) throws Exception {
        if (large) {
            begin("ben", "cid", "dot");
        }
        String cursor = home.rest()
                .call("GET", "/poll?wait=0", home.tokenOf("cid"), "")
                .body()
                .path("cursor")
                .asText();
        long number = home.posts("ben", group, "secretone", "psst")
                .body()
                .path("sequenceNumber")
                .asLong();
        edits("ben", "secretone", "psst, better");
        home.posts("ann", group, "a1", "the last one");
        assertThat(readBy("ben")).as("others do not see who sent it").isLessThan(number);

        String resumed;
        try (RawSocket socket = RawSocket.resuming(milena.port(), home.tokenOf("cid"), cursor)) {
            resumed = until("the last one", socket::nextFrame);
        }
        String streamed;
        try (EventReader stream = new EventReader(milena.url(), home.tokenOf("cid"), cursor)) {
            streamed = until("the last one", stream::next);
        }
        String polled = home.rest()
                .call("GET", "/poll?wait=0&cursor=" + cursor, home.tokenOf("cid"), "")
                .text();
        String answered = call("GET", "/messages", "cid", "").text();
        for (String seen : List.of(resumed, streamed, polled, answered)) {
            assertThat(seen)
                    .contains("\"hidden\":true", "the last one")
                    .doesNotContain("psst", "secretone", "\"senderId\":\"ben\"");
        }
        try (RawSocket cid = RawSocket.connected(milena.port(), home.tokenOf("cid"))) {
            edits("ben", "secretone", "psst, best");
            JsonNode edit = cid.nextFrame("message.updated").path("payload");
            assertThat(edit.properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactlyInAnyOrder(
                            "conversationId", "sequenceNumber", "targetSequence", "timestamp", "hidden");
            assertThat(decides("secretone", "release").error())
                    .as("without the revision")
                    .isEqualTo("CONFLICT");
            assertThat(releases("secretone", 2).status()).isEqualTo(200);
            JsonNode released = cid.nextFrame("message.updated").path("payload");
            assertThat(released.at("/content/text").asText()).isEqualTo("psst, best");
            assertThat(released.path("senderId").asText()).isEqualTo("ben");
        }
        assertThat(readBy("ben")).isEqualTo(number);
    }

    /// They were an admin when the message began to wait.
    @Test
    void adminWhoLeftAndCameBackIsShownNoMoreThanOthers() throws Exception {
        call("PATCH", "", "ann", "{\"settings\":{\"historyVisibleToNewMembers\":false}}");
        call("PATCH", "/members/cid", "ann", "{\"role\":\"admin\"}");
        home.posts("ben", group, "secretone", "psst");
        assertThat(call("GET", "/messages", "cid", "").text()).contains("psst");
        assertThat(call("DELETE", "/members/cid", "ann", "").status()).isEqualTo(204);
        assertThat(call("POST", "/members", "ann", "{\"userIds\":[\"cid\"]}").status())
                .isEqualTo(200);

        try (RawSocket cid = RawSocket.connected(milena.port(), home.tokenOf("cid"))) {
            edits("ben", "secretone", "psst, better");
            JsonNode edit = cid.nextFrame("message.updated");
            assertThat(edit.at("/payload/hidden").asBoolean()).isTrue();
            assertThat(edit.toString()).doesNotContain("psst", "secretone");
            assertThat(releases("secretone", 1).status()).isEqualTo(200);
            assertThat(cid.nextFrame("message.updated").toString()).doesNotContain("psst", "\"ben\"");
        }
        assertThat(call("GET", "/messages", "cid", "").text()).doesNotContain("psst");
    }

    @Test
    void whatIsHeldOutlivesACrashAndIsRejectedForAll() throws Exception {
        home.posts("ben", group, "m1", "first");
        decides("m1", "release");
        JsonNode edited = call(
                        "PATCH", "/messages/m1", "ben", "{\"content\":{\"type\":\"text\",\"text\":\"something else\"}}")
                .body();
        assertThat(edited.path("held").asBoolean()).isTrue();
        long number = queue("open").at("/0/message/sequenceNumber").asLong();

        milena.kill9();
        milena.start();

        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(
                                queue("open").at("/0/message/content/text").asText())
                        .isEqualTo("something else"));
        assertThat(entry("cid", number).path("hidden").asBoolean()).isTrue();
        assertThat(entry("cid", number).has("content")).isFalse();
        try (RawSocket ben = RawSocket.connected(milena.port(), home.tokenOf("ben"));
                RawSocket cid = RawSocket.connected(milena.port(), home.tokenOf("cid"))) {
            assertThat(decides("m1", "reject").status()).isEqualTo(200);
            for (RawSocket socket : List.of(ben, cid)) {
                JsonNode deleted = socket.nextFrame("message.deleted").path("payload");
                assertThat(deleted.path("deletedBy").asText()).isEqualTo("moderation");
                assertThat(deleted.path("senderId").asText()).isEqualTo("ben");
                assertThat(deleted.toString()).doesNotContain("else").doesNotContain("mia");
            }
        }
        for (String userId : List.of("ann", "ben", "cid")) {
            JsonNode gone = entry(userId, number);
            assertThat(gone.path("deletedBy").asText()).isEqualTo("moderation");
            assertThat(gone.has("content") || gone.has("hidden") || gone.has("held"))
                    .isFalse();
        }
        assertThat(queue("open").size()).isZero();
        assertThat(queue("decided").at("/0/decision/action").asText()).isEqualTo("reject");
        assertThat(decides("m1", "release").status()).as("final").isEqualTo(400);
    }
}
