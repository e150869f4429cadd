package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What somebody who was put into a conversation shows of themselves, and who may put whom into one.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsentIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String CONVERSATIONS = "/api/v1/conversations/";
    private static final String NOT_EVERYBODY = "userIds: not everybody named may be added";

    @RegisterExtension
    final RunningMilena milena = new RunningMilena().with("MILENA_MAY_START", "shop=contacts;school=host;*=anyone");

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<RawSocket, String> users = new HashMap<>();
    private Tenant home;

    @BeforeEach
    void open() {
        home = tenant("default");
        await().atMost(PATIENCE).until(() -> milena.readiness().contains("presence: ready"));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
        open.clear();
        users.clear();
    }

    private Tenant tenant(String name) {
        Tenant tenant = new Tenant(milena, name);
        open.add(tenant);
        return tenant;
    }

    private RawSocket connect(String userId) throws IOException {
        RawSocket socket = RawSocket.connected(milena.port(), home.tokenOf(userId));
        open.add(socket);
        users.put(socket, userId);
        return socket;
    }

    private JsonNode asks(RawSocket socket, String type, String payload) throws IOException {
        socket.text("{\"type\":\"" + type + "\",\"id\":\"" + type + "\",\"payload\":{" + payload + "}}");
        JsonNode frame = socket.nextFrame();
        while (!frame.path("id").asText().equals(type)) {
            // What one has read is told to one's own devices.
            if (!frame.at("/payload/readBy").asText().equals(users.get(socket))) {
                assertThat(frame.path("type").asText())
                        .as("nothing of who has not joined in, to %s: %s", users.get(socket), frame)
                        .isNotIn("typing.update", "message.delivered", "message.read_receipt", "presence.update");
            }
            frame = socket.nextFrame();
        }
        return frame;
    }

    private List<String> seen(RawSocket socket, String... userIds) {
        String payload = "\"userIds\":[\"" + String.join("\",\"", userIds) + "\"]";
        JsonNode answer = await().atMost(PATIENCE)
                .until(
                        () -> asks(socket, "presence.subscribe", payload),
                        asked -> asked.path("type").asText().equals("presence.bulk"));
        return answer.at("/payload/presences").findValuesAsText("userId");
    }

    private static String status(Tenant tenant, String userId, String talk) throws Exception {
        Rest.Answer history = tenant.rest().call("GET", CONVERSATIONS + talk + "/messages", tenant.tokenOf(userId), "");
        return history.body().at("/messages/0/status").asText();
    }

    private static List<String> readers(Tenant tenant, String userId, String talk) throws Exception {
        Rest.Answer receipts =
                tenant.rest().call("GET", CONVERSATIONS + talk + "/receipts", tenant.tokenOf(userId), "");
        return receipts.body().path("receipts").findValuesAsText("userId");
    }

    @Test
    void creatingAConversationShowsNothingOfItsOtherSide() throws Exception {
        RawSocket mallory = connect("mallory");
        RawSocket bob = connect("bob");
        String talk = home.createDirect("mallory", "bob").conversationId();
        String about = "\"conversationId\":\"" + talk + "\"";
        home.posts("mallory", talk, "m1", "hi");

        asks(bob, "message.delivered", about + ",\"upToSequence\":2");
        asks(bob, "message.read", about + ",\"upToSequence\":2");
        asks(bob, "typing.start", about);

        assertThat(seen(mallory, "bob")).isEmpty();
        assertThat(seen(bob, "mallory")).isEmpty();
        assertThat(readers(home, "mallory", talk)).containsExactly("mallory");
        assertThat(readers(home, "bob", talk)).containsExactly("bob", "mallory");
        assertThat(status(home, "mallory", talk)).isEqualTo("SENT");
        assertThat(personal(home, "bob", talk)).contains("\"accepted\":false");
    }

    private static String personal(Tenant tenant, String userId, String talk) throws Exception {
        Rest.Answer inbox = tenant.rest().call("GET", "/api/v1/conversations", tenant.tokenOf(userId), "");
        for (JsonNode line : inbox.body().path("conversations")) {
            if (line.path("conversationId").asText().equals(talk)) {
                return line.path("personal").toString();
            }
        }
        return "no line";
    }

    @Test
    void whoWritesOrAcceptsIsSeen() throws Exception {
        RawSocket cleo = connect("cleo");
        RawSocket dan = connect("dan");
        connect("erin");
        String withDan = home.createDirect("cleo", "dan").conversationId();
        String withErin = home.createDirect("cleo", "erin").conversationId();
        home.posts("cleo", withErin, "m1", "hi");
        home.rest().post(CONVERSATIONS + withErin + "/read", home.tokenOf("erin"), "{\"upToSequence\":2}");

        home.posts("dan", withDan, "m1", "hello");
        home.accepts("erin", withErin);

        assertThat(seen(cleo, "dan", "erin")).containsExactlyInAnyOrder("dan", "erin");
        assertThat(status(home, "cleo", withErin)).as("what was read before").isEqualTo("READ");
        assertThat(personal(home, "erin", withErin)).contains("\"accepted\":true");
        dan.text("{\"type\":\"typing.start\",\"payload\":{\"conversationId\":\"" + withDan + "\"}}");
        assertThat(cleo.nextFrame("typing.update").at("/payload/userId").asText())
                .isEqualTo("dan");
    }

    @Test
    void underContactsStrangersAreRefusedAndBeingInAGroupIsEnough() throws Exception {
        Tenant shop = tenant("shop");

        Rest.Answer stranger = shop.createDirect("gil", "hal");
        Rest.Answer group = shop.createGroup("gil", "k1", "hal");

        assertThat(List.of(stranger.status(), group.status())).containsExactly(403, 403);
        assertThat(stranger.error()).isEqualTo("FORBIDDEN");
        assertThat(stranger.message()).isEqualTo(NOT_EVERYBODY).isEqualTo(group.message());
        assertThat(shop.createGroup("gil", "k2").status()).as("with nobody").isEqualTo(201);
        assertThat(tenant("school").createDirect("gil", "hal").status()).isEqualTo(403);
    }

    @Test
    void whoLeftByThemselvesIsBroughtBackByPeopleWhomTheyKnow() throws Exception {
        String group = home.group("ida", "jim", "kim");
        String jim = CONVERSATIONS + group + "/members/jim";
        assertThat(home.rest().call("DELETE", jim, home.tokenOf("jim"), "").status())
                .isEqualTo(204);

        Rest.Answer refused = adds("ida", group, "jim");
        home.direct("ida", "jim");
        Rest.Answer added = adds("ida", group, "jim");

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.message()).isEqualTo(NOT_EVERYBODY);
        assertThat(added.status()).isEqualTo(200);
        home.rest().call("DELETE", jim, home.tokenOf("ida"), "");
        assertThat(adds("ida", group, "jim").status()).as("removed by an admin").isEqualTo(200);
    }

    private Rest.Answer adds(String byUserId, String group, String userId) throws Exception {
        String body = "{\"userIds\":[\"" + userId + "\"]}";
        return home.rest().post(CONVERSATIONS + group + "/members", home.tokenOf(byUserId), body);
    }

    @Test
    void keyOfAnotherGroupIsRefused() throws Exception {
        Rest.Answer first = home.createGroup("lea", "monday", "max", "ned");

        assertThat(home.createGroup("lea", "monday", "ned", "max").status()).isEqualTo(200);
        Rest.Answer other = home.createGroup("lea", "monday", "max");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.error()).isEqualTo("IDEMPOTENCY_MISMATCH");
        assertThat(first.conversationId()).startsWith("grp_");
    }

    @Test
    void whatANewcomerMayReadOutlastsTheSetting() throws Exception {
        String group = home.group("oda", "pam");
        home.posts("oda", group, "m1", "before");
        adds("oda", group, "quin");

        home.rest()
                .call(
                        "PATCH",
                        CONVERSATIONS + group,
                        home.tokenOf("oda"),
                        "{\"settings\":{\"historyVisibleToNewMembers\":false}}");
        adds("oda", group, "rob");

        assertThat(numbers("quin", group)).contains(1L, 2L, 3L);
        assertThat(numbers("rob", group)).containsExactly(5L);
    }

    private List<Long> numbers(String userId, String group) throws Exception {
        Rest.Answer page =
                home.rest().call("GET", CONVERSATIONS + group + "/messages?after=0", home.tokenOf(userId), "");
        return page.body()
                .path("messages")
                .valueStream()
                .map(entry -> entry.path("sequenceNumber").asLong())
                .toList();
    }
}
