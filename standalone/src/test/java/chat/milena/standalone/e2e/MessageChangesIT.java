package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.token.TokenSecret;
import chat.milena.runtime.token.TokenSigner;
import chat.milena.runtime.token.VerifiedToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Messages are edited and deleted, over sockets and by REST, and everybody sees the same of it: live, on
/// coming back, in histories, syncs and inboxes.
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MessageChangesIT {
    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    private Tenant home;

    @BeforeAll
    void open() {
        home = Tenant.ofDefault(milena);
    }

    @AfterAll
    void close() {
        home.close();
    }

    @Test
    void editsAndDeletionsReachEverybodyButTheDeviceThatActs() throws Exception {
        String id = home.direct("alice", "bob");
        home.posts("alice", id, "m1", "one");
        try (RawSocket alice = RawSocket.connected(milena.port(), home.tokenOf("alice"));
                RawSocket phone = RawSocket.connected(milena.port(), home.tokenOf("alice"));
                RawSocket bob = RawSocket.connected(milena.port(), home.tokenOf("bob"))) {
            alice.text(frame("message.edit", id, "m1", ",\"revision\":0,\"content\":" + content("two")));
            JsonNode ack = alice.nextFrame();
            assertThat(ack.path("type").asText()).as("%s", ack).isEqualTo("message.ack");
            assertThat(ack.at("/payload/sequenceNumber").asLong()).isEqualTo(3);
            assertThat(ack.at("/payload/revision").asLong()).isEqualTo(1);
            assertThat(ack.at("/payload/duplicate").asBoolean(true)).isFalse();
            for (RawSocket other : List.of(phone, bob)) {
                JsonNode updated = other.nextFrame("message.updated").path("payload");
                assertThat(updated.at("/content/text").asText())
                        .as("%s", updated)
                        .isEqualTo("two");
                assertThat(updated.path("targetSequence").asLong()).isEqualTo(2);
                assertThat(updated.path("sequenceNumber").asLong()).isEqualTo(3);
            }
            alice.text(frame("message.edit", id, "m1", ",\"content\":" + content("three")));
            assertThat(alice.nextFrame("message.ack").at("/payload/revision").asLong())
                    .isEqualTo(2);
            alice.text(frame("message.edit", id, "m1", ",\"revision\":0,\"content\":" + content("four")));
            JsonNode conflict = alice.nextFrame("error").path("payload");
            assertThat(conflict.path("error").asText()).as("%s", conflict).isEqualTo("CONFLICT");
            assertThat(conflict.path("revision").asLong()).isEqualTo(2);
            alice.text(frame("message.delete", id, "m1", ",\"reason\":\"mistake\""));
            assertThat(alice.nextFrame("message.ack")
                            .at("/payload/sequenceNumber")
                            .asLong())
                    .isEqualTo(5);
            for (RawSocket other : List.of(phone, bob)) {
                JsonNode deleted = other.nextFrame("message.deleted").path("payload");
                assertThat(deleted.path("deletedBy").asText()).as("%s", deleted).isEqualTo("alice");
                assertThat(deleted.path("reason").asText()).isEqualTo("mistake");
            }
        }
    }

    @Test
    void callsDoTheSameAndAnswersShowThePresentState() throws Exception {
        String id = home.group("alice", "bob");
        home.posts("alice", id, "m1", "one");
        home.posts("alice", id, "m2", "stays");
        Rest.Answer edited = patch("alice", id, "m1", "{\"content\":" + content("two") + ",\"revision\":0}");
        assertThat(edited.status()).as("%s", edited).isEqualTo(200);
        long number = edited.body().path("sequenceNumber").asLong();
        Rest.Answer again = patch("alice", id, "m1", "{\"content\":" + content("two") + ",\"revision\":0}");
        assertThat(again.body().path("duplicate").asBoolean()).as("%s", again).isTrue();
        assertThat(again.body().path("sequenceNumber").asLong()).isEqualTo(number);
        Rest.Answer conflict = patch("alice", id, "m1", "{\"content\":" + content("x") + ",\"revision\":0}");
        assertThat(conflict.status()).as("%s", conflict).isEqualTo(409);
        assertThat(conflict.error()).isEqualTo("CONFLICT");
        assertThat(conflict.body().path("revision").asLong()).isEqualTo(1);

        JsonNode synced = sync("bob", id, number - 1);
        assertThat(synced.at("/changed/0/content/text").asText())
                .as("%s", synced)
                .isEqualTo("two");
        assertThat(synced.at("/messages/0/kind").asText()).isEqualTo("message.edited");

        Rest.Answer deleted = delete("alice", id, "m1", "?reason=mistake");
        assertThat(deleted.status()).as("%s", deleted).isEqualTo(200);
        Rest.Answer twice = delete("alice", id, "m1", "");
        assertThat(twice.body().path("sequenceNumber")).isEqualTo(deleted.body().path("sequenceNumber"));
        String history = get("bob", "/api/v1/conversations/" + id + "/messages").text();
        assertThat(history)
                .contains("\"deletedBy\":\"alice\"", "\"reason\":\"mistake\"", "stays")
                .doesNotContain("\"one\"", "\"two\"");
        JsonNode line = line("bob", id);
        assertThat(line.at("/lastMessage/messageId").asText()).as("%s", line).isEqualTo("m2");
        assertThat(line.path("unreadCount").asLong()).isEqualTo(1);
        assertThat(patch("alice", id, "m1", "{\"content\":" + content("x") + "}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void whoComesBackSeesNothingThatWasDeletedMeanwhile() throws Exception {
        String id = home.direct("carol", "dave");
        String cursor = get("dave", "/poll?wait=0").body().path("cursor").asText();
        home.posts("carol", id, "m1", "a secret");
        patch("carol", id, "m1", "{\"content\":" + content("a secret, better") + "}");
        home.posts("carol", id, "m2", "first words");
        patch("carol", id, "m2", "{\"content\":" + content("second words") + "}");
        patch("carol", id, "m2", "{\"content\":" + content("last words") + "}");
        delete("carol", id, "m1", "");

        List<JsonNode> resumed = new ArrayList<>();
        try (RawSocket socket = RawSocket.resuming(milena.port(), home.tokenOf("dave"), cursor)) {
            assertThat(socket.nextFrame().path("resumed").asBoolean()).isTrue();
            resumed.addAll(untilDeleted(socket::nextFrame));
        }
        List<JsonNode> streamed = new ArrayList<>();
        try (EventReader stream = new EventReader(milena.url(), home.tokenOf("dave"), cursor)) {
            assertThat(stream.next().path("resumed").asBoolean()).isTrue();
            streamed.addAll(untilDeleted(stream::next));
        }
        JsonNode polled = get("dave", "/poll?wait=0&cursor=" + cursor).body().path("frames");
        for (List<JsonNode> frames :
                List.of(resumed, streamed, polled.valueStream().toList())) {
            assertThat(frames.toString())
                    .doesNotContain("secret", "second words")
                    .contains("last words");
            assertThat(numbers(frames)).as("%s", frames).contains(2L, 3L, 4L, 5L, 6L, 7L);
        }
    }

    @Test
    void moderatorsDeleteWhereTheyAreNoMembersAndNothingElse() throws Exception {
        String id = home.direct("erin", "frank");
        home.posts("erin", id, "m1", "bad words");
        TokenSecret secret = TokenSecret.loadOrCreate(milena.data().resolve("token.secret"));
        Instant end = Instant.now().plus(Duration.ofHours(1));
        String moderator =
                new TokenSigner(secret).sign(new VerifiedToken("default", "mia", null, end, false, true, null, null));
        String path = "/api/v1/conversations/" + id + "/messages/m1";

        assertThat(home.rest().call("DELETE", path, home.tokenOf("mia"), "").status())
                .isEqualTo(404);
        assertThat(home.rest()
                        .call("PATCH", path, moderator, "{\"content\":" + content("good words") + "}")
                        .status())
                .isEqualTo(404);
        assertThat(home.rest().call("DELETE", path, moderator, "").status()).isEqualTo(200);
        assertThat(home.rest().call("GET", "/api/v1/users/me", moderator, "").text())
                .startsWith("{\"userId\":\"mia\",\"tenant\":\"default\",\"role\":\"moderator\",");
        assertThat(get("frank", "/api/v1/conversations/" + id + "/messages").text())
                .contains("\"deletedBy\":\"mia\"")
                .doesNotContain("bad words");
    }

    @Test
    void reactionsAndPinsReachEverybodyAndAllAnswers() throws Exception {
        String id = home.group("alice", "bob");
        home.posts("alice", id, "m1", "one");
        String cursor = get("alice", "/poll?wait=0").body().path("cursor").asText();
        try (RawSocket alice = RawSocket.connected(milena.port(), home.tokenOf("alice"));
                RawSocket phone = RawSocket.connected(milena.port(), home.tokenOf("bob"));
                RawSocket bob = RawSocket.connected(milena.port(), home.tokenOf("bob"))) {
            bob.text(frame("message.react", id, "m1", ",\"emoji\":\"\uD83D\uDC4D\""));
            JsonNode ack = bob.nextFrame("message.ack").path("payload");
            assertThat(ack.path("sequenceNumber").asLong()).as("%s", ack).isEqualTo(3);
            assertThat(ack.path("duplicate").asBoolean(true)).isFalse();
            for (RawSocket other : List.of(alice, phone)) {
                JsonNode reaction = other.nextFrame("message.reaction").path("payload");
                assertThat(reaction.toString())
                        .isEqualTo("{\"conversationId\":\"%s\",\"messageId\":\"m1\",\"sequenceNumber\":3,".formatted(id)
                                + "\"targetSequence\":2,\"timestamp\":%d,\"userId\":\"bob\","
                                        .formatted(reaction.path("timestamp").asLong())
                                + "\"emoji\":\"\uD83D\uDC4D\",\"removed\":false,\"count\":1}");
            }
            bob.text(frame("message.react", id, "m1", ",\"emoji\":\"\uD83D\uDC4D\""));
            JsonNode again = bob.nextFrame("message.ack").path("payload");
            assertThat(again.path("sequenceNumber").asLong()).as("%s", again).isEqualTo(3);
            assertThat(again.path("duplicate").asBoolean()).isTrue();
            alice.text(frame("message.pin", id, "m1", ""));
            JsonNode pinned = phone.nextFrame("message.pinned").path("payload");
            assertThat(pinned.path("userId").asText()).as("%s", pinned).isEqualTo("alice");
            assertThat(pinned.path("removed").asBoolean(true)).isFalse();
            assertThat(home.rest()
                            .call("GET", "/api/v1/conversations/" + id + "/pins", home.tokenOf("bob"), "")
                            .body()
                            .path("pins")
                            .findValuesAsText("messageId"))
                    .containsExactly("m1");
        }
        String reaction = "/reactions/%F0%9F%91%8D";
        assertThat(call("PUT", "alice", id, "m1" + reaction)
                        .body()
                        .path("sequenceNumber")
                        .asLong())
                .isEqualTo(5);
        assertThat(call("DELETE", "bob", id, "m1/pin").status()).isEqualTo(403);
        for (JsonNode entry : List.of(
                get("bob", "/api/v1/conversations/" + id + "/messages?after=1&limit=1")
                        .body()
                        .at("/messages/0"),
                sync("bob", id, 2).at("/changed/0"),
                line("bob", id).path("lastMessage"))) {
            assertThat(entry.path("reactions").toString())
                    .as("%s", entry)
                    .isEqualTo(
                            "[{\"emoji\":\"\uD83D\uDC4D\",\"count\":2,\"userIds\":[\"bob\",\"alice\"],\"mine\":true}]");
            assertThat(entry.path("pinned").asBoolean()).isTrue();
        }
        String message = "/api/v1/conversations/" + id + "/messages/m1";
        assertThat(get("bob", message).body())
                .isEqualTo(line("bob", id).path("lastMessage"))
                .isEqualTo(get("bob", message + "?sequenceNumber=2").body());
        assertThat(get("bob", message + "/reactions").body().path("reactions").findValuesAsText("userId"))
                .containsExactly("alice", "bob");
        assertThat(get("bob", message + "/reactions?emoji=x").body()).hasToString("{\"reactions\":[]}");
        assertThat(get("alice", message + "/receipts").status()).isEqualTo(200);
        assertThat(get("alice", message + "x").status()).isEqualTo(404);
        JsonNode polled = get("alice", "/poll?wait=0&cursor=" + cursor).body().path("frames");
        assertThat(polled.findValuesAsText("type")).contains("message.reaction", "message.pinned");

        assertThat(call("DELETE", "bob", id, "m1" + reaction)
                        .body()
                        .path("duplicate")
                        .asBoolean(true))
                .isFalse();
        Rest.Answer gone = call("DELETE", "bob", id, "m1" + reaction);
        assertThat(gone.body().path("sequenceNumber").asLong()).as("%s", gone).isEqualTo(6);
        assertThat(gone.body().path("duplicate").asBoolean()).isTrue();
        assertThat(call("DELETE", "bob", id, "m1/reactions/never")
                        .body()
                        .path("sequenceNumber")
                        .asLong())
                .isEqualTo(2);
        for (String odd : List.of("a%2Fb", "%3B-)", "%3B%2f", "%252F")) {
            assertThat(call("PUT", "bob", id, "m1/reactions/" + odd).status())
                    .as(odd)
                    .isEqualTo(200);
        }
        assertThat(get("alice", "/api/v1/conversations/" + id + "/messages")
                        .body()
                        .at("/messages")
                        .findValuesAsText("emoji"))
                .contains("a/b", ";-)", ";/", "%2F");
        delete("alice", id, "m1", "");
        assertThat(call("PUT", "bob", id, "m1" + reaction).error()).isEqualTo("MESSAGE_NOT_FOUND");
        String history = get("bob", "/api/v1/conversations/" + id + "/messages").text();
        assertThat(history).doesNotContain("\uD83D\uDC4D", "a/b", "\"pinned\"").contains("\"kind\":\"reaction\"");
        String frames = get("alice", "/poll?wait=0&cursor=" + cursor).text();
        assertThat(frames).doesNotContain("\uD83D\uDC4D", "a/b");
    }

    /// Two devices of one user react at the same time: one of them is the first.
    @Test
    void raceOfTwoDevicesHasOneWinner() throws Exception {
        String id = home.direct("grace", "heidi");
        home.posts("grace", id, "m1", "one");
        try (RawSocket phone = RawSocket.connected(milena.port(), home.tokenOf("heidi"));
                RawSocket laptop = RawSocket.connected(milena.port(), home.tokenOf("heidi"))) {
            phone.text(frame("message.react", id, "m1", ",\"emoji\":\"!\""));
            laptop.text(frame("message.react", id, "m1", ",\"emoji\":\"!\""));
            JsonNode first = phone.nextFrame("message.ack").path("payload");
            JsonNode second = laptop.nextFrame("message.ack").path("payload");
            assertThat(first.path("sequenceNumber")).isEqualTo(second.path("sequenceNumber"));
            assertThat(first.path("duplicate").asBoolean())
                    .isNotEqualTo(second.path("duplicate").asBoolean());
        }
        assertThat(get("heidi", "/api/v1/conversations/" + id + "/messages")
                        .body()
                        .at("/messages/1/reactions/0/count")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void reactionsInALargeGroupAreGathered() throws Exception {
        String[] others =
                IntStream.rangeClosed(1, 99).mapToObj("many%d"::formatted).toArray(String[]::new);
        String id = home.group("judy", others);
        home.posts("judy", id, "m1", "one");
        String cursor = get("many1", "/poll?wait=0").body().path("cursor").asText();
        int reactions = 20;
        Map<String, Integer> counts = new HashMap<>();
        List<Long> numbers = new ArrayList<>();
        try (RawSocket judy = RawSocket.connected(milena.port(), home.tokenOf("judy"))) {
            List<Thread> users = IntStream.rangeClosed(1, reactions)
                    .mapToObj(i -> Thread.startVirtualThread(() -> {
                        try {
                            call("PUT", "many" + i, id, "m1/reactions/" + (i % 2 == 0 ? "a" : "b"));
                        } catch (IOException | InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }))
                    .toList();
            while (numbers.size() < reactions) {
                JsonNode frame = judy.nextFrame("message.reaction").path("payload");
                assertThat(frame.has("userId")).as("%s", frame).isFalse();
                frame.path("sequenceNumbers").forEach(number -> numbers.add(number.asLong()));
                frame.path("reactions")
                        .forEach(use -> counts.put(
                                use.path("emoji").asText(), use.path("count").asInt()));
            }
            for (Thread user : users) {
                user.join();
            }
        }
        assertThat(numbers)
                .containsExactlyElementsOf(
                        LongStream.range(3, 3 + reactions).boxed().toList());
        assertThat(counts).isEqualTo(Map.of("a", reactions / 2, "b", reactions / 2));
        List<Long> polled = new ArrayList<>();
        while (polled.size() < reactions) {
            JsonNode answer = get("many1", "/poll?wait=5&cursor=" + cursor).body();
            answer.path("frames")
                    .forEach(frame -> frame.at("/payload/sequenceNumbers").forEach(n -> polled.add(n.asLong())));
            cursor = answer.path("cursor").asText();
        }
        assertThat(polled).isEqualTo(numbers);
    }

    private Rest.Answer call(String method, String userId, String id, String rest)
            throws IOException, InterruptedException {
        return home.rest().call(method, "/api/v1/conversations/" + id + "/messages/" + rest, home.tokenOf(userId), "");
    }

    private interface Frames {
        JsonNode next() throws Exception;
    }

    private static List<JsonNode> untilDeleted(Frames frames) throws Exception {
        List<JsonNode> read = new ArrayList<>();
        do {
            read.add(frames.next());
        } while (!read.getLast().path("type").asText().equals("message.deleted"));
        return read;
    }

    private static List<Long> numbers(List<JsonNode> frames) {
        List<Long> numbers = new ArrayList<>();
        for (JsonNode frame : frames) {
            JsonNode payload = frame.path("payload");
            if (payload.has("sequenceNumber")) {
                numbers.add(payload.path("sequenceNumber").asLong());
            }
            payload.path("messages")
                    .forEach(entry -> numbers.add(entry.path("sequenceNumber").asLong()));
        }
        return numbers;
    }

    private static String frame(String type, String conversationId, String messageId, String more) {
        return "{\"type\":\"%s\",\"id\":\"r\",\"payload\":{\"conversationId\":\"%s\",\"messageId\":\"%s\"%s}}"
                .formatted(type, conversationId, messageId, more);
    }

    private static String content(String text) {
        return "{\"type\":\"text\",\"text\":" + Rest.quoted(text) + "}";
    }

    private Rest.Answer patch(String userId, String id, String messageId, String body)
            throws IOException, InterruptedException {
        return home.rest()
                .call("PATCH", "/api/v1/conversations/" + id + "/messages/" + messageId, home.tokenOf(userId), body);
    }

    private Rest.Answer delete(String userId, String id, String messageId, String query)
            throws IOException, InterruptedException {
        String path = "/api/v1/conversations/" + id + "/messages/" + messageId + query;
        return home.rest().call("DELETE", path, home.tokenOf(userId), "");
    }

    private Rest.Answer get(String userId, String path) throws IOException, InterruptedException {
        return home.rest().call("GET", path, home.tokenOf(userId), "");
    }

    private JsonNode sync(String userId, String id, long last) throws IOException, InterruptedException {
        String body = "{\"conversations\":[{\"conversationId\":\"%s\",\"lastSequence\":%d}]}".formatted(id, last);
        return home.rest()
                .post("/api/v1/sync", home.tokenOf(userId), body)
                .body()
                .at("/conversations/0");
    }

    private JsonNode line(String userId, String id) throws IOException, InterruptedException {
        for (JsonNode line : get(userId, "/api/v1/conversations").body().path("conversations")) {
            if (line.path("conversationId").asText().equals(id)) {
                return line;
            }
        }
        throw new AssertionError("not in the inbox: " + id);
    }
}
