package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What people who blocked somebody are spared, and what those who are blocked get to know.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BlocksIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String BLOCKS = "/api/v1/blocks";

    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    private final List<AutoCloseable> open = new ArrayList<>();
    private Tenant home;

    @BeforeEach
    void open() {
        home = new Tenant(milena, "default");
        open.add(home);
        await().atMost(PATIENCE).until(() -> milena.readiness().contains("presence: ready"));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
        open.clear();
    }

    private RawSocket connect(String userId) throws IOException {
        RawSocket socket = RawSocket.connected(milena.port(), home.tokenOf(userId));
        open.add(socket);
        return socket;
    }

    private Rest.Answer call(String method, String path, String userId, String body) throws Exception {
        return home.rest().call(method, path, home.tokenOf(userId), body);
    }

    private void blocks(String userId, String otherId) throws Exception {
        assertThat(call("PUT", BLOCKS + "/" + otherId, userId, "").text())
                .isEqualTo("{\"userId\":\"" + otherId + "\",\"blocked\":true}");
    }

    private void unblocks(String userId, String otherId) throws Exception {
        assertThat(call("DELETE", BLOCKS + "/" + otherId, userId, "").status()).isEqualTo(204);
    }

    /// The answer is given by the user's processor; the sequencer of the conversation is a moment behind it.
    private void awaitSend(int status, String userId, String talk) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                home.posts(userId, talk, UUID.randomUUID().toString(), "hi")
                                        .status())
                        .isEqualTo(status));
    }

    private static void isForbidden(Rest.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(403);
        assertThat(answer.body().path("error").asText()).isEqualTo("FORBIDDEN");
    }

    @Test
    void nothingIsWrittenInTheDirectConversationByEitherAndWhatIsOnesOwnGoesOn() throws Exception {
        String talk = home.direct("ann", "ben");
        String at = "/api/v1/conversations/" + talk;
        home.posts("ben", talk, "m1", "hello");
        RawSocket own = connect("ann");
        RawSocket other = connect("ben");

        blocks("ann", "ben");
        blocks("ann", "ben");

        JsonNode updated = own.nextFrame("block.updated");
        assertThat(updated.path("payload").toString()).isEqualTo("{\"userId\":\"ben\",\"blocked\":true}");
        awaitSend(403, "ben", talk);
        for (String either : List.of("ann", "ben")) {
            isForbidden(home.posts(either, talk, "m2", "still there?"));
            isForbidden(
                    call("PATCH", at + "/messages/m1", either, "{\"content\":{\"type\":\"text\",\"text\":\"other\"}}"));
            assertThat(call("POST", at + "/read", either, "{\"upToSequence\":2}")
                            .status())
                    .isEqualTo(202);
            assertThat(call("PUT", at + "/mute", either, "{}").status()).isEqualTo(200);
            assertThat(call("PATCH", at + "/personal", either, "{\"archived\":false}")
                            .status())
                    .isEqualTo(200);
            assertThat(call(
                                    "POST",
                                    "/api/v1/conversations",
                                    either,
                                    "{\"type\":\"direct\",\"participantIds\":[\"%s\"]}"
                                            .formatted(either.equals("ann") ? "ben" : "ann"))
                            .status())
                    .as("their own")
                    .isEqualTo(200);
            assertThat(call("GET", at + "/receipts", either, "")
                            .body()
                            .path("receipts")
                            .findValuesAsText("userId"))
                    .containsExactly(either);
        }
        Rest.Answer again = home.posts("ben", talk, "m1", "hello");
        assertThat(again.status()).as("accepted before").isEqualTo(409);
        assertThat(again.body().path("sequenceNumber").longValue()).isEqualTo(2);
        other.text("{\"type\":\"typing.start\",\"id\":\"t1\",\"payload\":{\"conversationId\":\"" + talk + "\"}}");
        JsonNode refused = other.nextFrame("error");
        assertThat(refused.path("id").asText()).isEqualTo("t1");
        assertThat(refused.at("/payload/error").asText()).isEqualTo("FORBIDDEN");
        assertThat(call("DELETE", at + "/messages/m1", "ben", "").status())
                .as("their own message")
                .isEqualTo(200);

        JsonNode listed = call("GET", BLOCKS, "ann", "").body();
        assertThat(listed.at("/blocks/0/userId").asText()).isEqualTo("ben");
        assertThat(listed.at("/blocks/0/createdAt").asText()).endsWith("Z");
        assertThat(call("GET", BLOCKS, "ben", "").text()).isEqualTo("{\"blocks\":[]}");

        unblocks("ann", "ben");
        unblocks("ann", "ben");
        awaitSend(201, "ben", talk);
    }

    @Test
    void whoIsBlockedStartsNothingWithTheBlocker() throws Exception {
        String group = home.group("eve", "cid");
        blocks("dot", "cid");

        await().atMost(PATIENCE).untilAsserted(() -> isForbidden(home.createDirect("cid", "dot")));
        List<Rest.Answer> refused = List.of(
                home.createDirect("cid", "dot"),
                home.createGroup("cid", UUID.randomUUID().toString(), "eve", "dot"),
                call("PATCH", "/api/v1/conversations/" + group + "/members/cid", "eve", "{\"role\":\"admin\"}"),
                call("POST", "/api/v1/conversations/" + group + "/members", "cid", "{\"userIds\":[\"dot\"]}"));
        for (Rest.Answer answer : List.of(refused.get(0), refused.get(1), refused.get(3))) {
            isForbidden(answer);
            assertThat(answer.body().path("message").asText())
                    .as("one wording, naming nobody")
                    .isEqualTo("userIds: not everybody named may be added");
        }
        assertThat(call("POST", "/api/v1/conversations/" + group + "/members", "eve", "{\"userIds\":[\"dot\"]}")
                        .status())
                .as("others may")
                .isEqualTo(200);

        unblocks("dot", "cid");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(home.createDirect("cid", "dot").status()).isEqualTo(201));
    }

    @Test
    void neitherSeesTheOthersPresenceProfileOrTyping() throws Exception {
        String group = home.group("fay", "gil", "hal");
        RawSocket gil = connect("gil");
        RawSocket hal = connect("hal");
        assertThat(seenBy(gil, "fay", "hal")).containsExactlyInAnyOrder("fay", "hal");

        blocks("hal", "gil");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(seenBy(gil, "fay", "hal")).containsExactly("fay"));
        assertThat(seenBy(hal, "fay", "gil")).containsExactly("fay");
        assertThat(call("GET", "/api/v1/users?ids=fay,hal", "gil", "")
                        .body()
                        .path("users")
                        .findValuesAsText("userId"))
                .containsExactly("fay");
        RawSocket fay = connect("fay");
        gil.text("{\"type\":\"typing.start\",\"id\":\"t\",\"payload\":{\"conversationId\":\"" + group + "\"}}");
        assertThat(gil.nextFrame("ok").path("id").asText()).isEqualTo("t");
        assertThat(fay.nextFrame("typing.update").at("/payload/userId").asText())
                .isEqualTo("gil");
        fay.text("{\"type\":\"typing.start\",\"payload\":{\"conversationId\":\"" + group + "\"}}");
        assertThat(hal.nextFrame("typing.update").at("/payload/userId").asText())
                .as("gil's would have come first")
                .isEqualTo("fay");
    }

    /// Long before it would end by itself.
    @Test
    void whatSomebodyTypesIsGoneWithTheBlock() throws Exception {
        String talk = home.direct("lee", "mia");
        home.posts("lee", talk, "m1", "hi");
        home.posts("mia", talk, "m2", "hi");
        RawSocket lee = connect("lee");
        RawSocket mia = connect("mia");
        mia.text("{\"type\":\"typing.start\",\"payload\":{\"conversationId\":\"" + talk + "\"}}");
        assertThat(lee.nextFrame("typing.update").at("/payload/isTyping").asBoolean())
                .isTrue();

        blocks("lee", "mia");

        assertThat(lee.nextFrame("typing.update").at("/payload/isTyping").asBoolean(true))
                .isFalse();
    }

    private static List<String> seenBy(RawSocket socket, String... userIds) throws IOException {
        socket.text("{\"type\":\"presence.subscribe\",\"payload\":{\"userIds\":[\"" + String.join("\",\"", userIds)
                + "\"]}}");
        return socket.nextFrame("presence.bulk").at("/payload/presences").findValuesAsText("userId");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kim", "no%20id", "host", "a%0ab"})
    void oneselfAndWhatIsNoUserIdIsRefused(String userId) throws Exception {
        for (String method : List.of("PUT", "DELETE")) {
            Rest.Answer answer = call(method, BLOCKS + "/" + userId, "kim", "");
            assertThat(answer.status()).as(answer.text()).isEqualTo(400);
            assertThat(answer.body().path("error").asText()).isEqualTo("INVALID_REQUEST");
            assertThat(answer.body().path("message").asText()).startsWith("userId: ");
        }
        assertThat(call("GET", BLOCKS + "?limit=0", "kim", "").status()).isEqualTo(400);
        assertThat(call("GET", BLOCKS + "?cursor=seq_1", "kim", "").status()).isEqualTo(400);
    }

    @Test
    void blockOutlivesACrash() throws Exception {
        String talk = home.direct("ida", "jon");
        blocks("ida", "jon");
        blocks("ida", "stranger");

        milena.kill9();
        milena.start();

        awaitSend(403, "jon", talk);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(call("GET", BLOCKS + "?limit=1", "ida", "")
                                .body()
                                .path("nextCursor")
                                .asText())
                        .isEqualTo("user_jon"));
        assertThat(call("GET", BLOCKS + "?cursor=user_jon", "ida", "")
                        .body()
                        .at("/blocks/0/userId")
                        .asText())
                .isEqualTo("stranger");
        isForbidden(home.createDirect("stranger", "ida"));
        unblocks("ida", "jon");
        awaitSend(201, "jon", talk);
    }
}
