package chat.milena.standalone.e2e;

import static chat.milena.standalone.e2e.DeviceAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.frame.ServerFrame;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What people see when they talk, from several devices each.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConversationIT {
    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    private Tenant home;

    @BeforeEach
    void open() {
        home = Tenant.ofDefault(milena);
    }

    @AfterEach
    void close() {
        home.close();
    }

    @Test
    void directConversationIsOneForItsPairWhoeverAsks() throws Exception {
        Rest.Answer first = home.createDirect("ann", "ben");
        Rest.Answer again = home.createDirect("ann", "ben");
        Rest.Answer reversed = home.createDirect("ben", "ann");

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.body().path("type").asText()).isEqualTo("direct");
        assertThat(first.body().path("lastSequence").asLong()).isEqualTo(1);
        assertThat(first.body().path("memberCount").asInt()).isEqualTo(2);
        assertThat(first.body().findValuesAsText("userId")).containsExactlyInAnyOrder("ann", "ben");
        assertThat(List.of(again.status(), reversed.status())).containsOnly(200);
        assertThat(List.of(again.conversationId(), reversed.conversationId())).containsOnly(first.conversationId());
        assertThat(home.direct("ann", "cleo")).isNotEqualTo(first.conversationId());
    }

    @Test
    void muteIsInTheInboxOfItsUserAloneAndTakesNoNumber() throws Exception {
        String talk = home.direct("mona", "nils");
        Device nils = home.connect("nils", "phone");
        long until = System.currentTimeMillis() + Duration.ofHours(1).toMillis();

        Rest.Answer muted = mute("mona", talk, "{\"until\":" + until + "}");

        assertThat(muted.status()).as(muted.text()).isEqualTo(200);
        assertThat(inboxLine("mona", talk).path("mutedUntil").asLong()).isEqualTo(until);
        assertThat(inboxLine("nils", talk).path("muted").asBoolean(true)).isFalse();
        assertThat(nils.sends(talk, "hush").sequenceNumber()).isEqualTo(2);
        assertThat(mute("mona", talk, "{}").status()).isEqualTo(200);
        assertThat(inboxLine("mona", talk).path("muted").asBoolean(true)).isFalse();
        assertThat(mute("otto", talk, "{}").status()).isEqualTo(404);
    }

    private Rest.Answer mute(String userId, String conversationId, String body) throws Exception {
        String path = "/api/v1/conversations/" + conversationId + "/mute";
        return home.rest().call("PUT", path, home.tokenOf(userId), body);
    }

    private JsonNode inboxLine(String userId, String conversationId) throws Exception {
        Rest.Answer inbox = home.rest().call("GET", "/api/v1/conversations", home.tokenOf(userId), "");
        for (JsonNode line : inbox.body().path("conversations")) {
            if (line.path("conversationId").asText().equals(conversationId)) {
                return line;
            }
        }
        throw new AssertionError("not in the inbox: " + inbox.text());
    }

    @Test
    void messageReachesEveryDeviceButTheOneThatSentIt() throws Exception {
        Device alicesPhone = home.connect("alice", "phone");
        Device alicesLaptop = home.connect("alice", "laptop");
        Device bobsPhone = home.connect("bob", "phone");
        Device bobsTablet = home.connect("bob", "tablet");
        Device outsider = home.connect("carol", "phone");
        String talk = home.direct("alice", "bob");

        ServerFrame.MessageAck hi = alicesPhone.sends(talk, "hi");
        ServerFrame.MessageAck hello = bobsTablet.sends(talk, "hello");

        assertThat(hi.sequenceNumber()).isEqualTo(2);
        assertThat(hi.duplicate()).isFalse();
        assertThat(hello.sequenceNumber()).isEqualTo(3);
        assertThat(alicesPhone).eventually().received("hello").sawEveryNumber(talk, 3);
        assertThat(alicesLaptop).eventually().received("hi", "hello").sawEveryNumber(talk, 3);
        assertThat(bobsPhone).eventually().received("hi", "hello").sawEveryNumber(talk, 3);
        assertThat(bobsTablet).eventually().received("hi").sawEveryNumber(talk, 3);
        assertThat(bobsPhone.received().getFirst())
                .isEqualTo(new ServerFrame.MessageNew(hi.messageId(), talk, "alice", 2, hi.timestamp(), "hi"));

        // Whatever had been on its way to her would have come before this.
        outsider.sends(home.direct("carol", "dora"), "mine");
        assertThat(outsider).received();
    }

    @Test
    void everyoneSeesOneOrder() throws Exception {
        int each = 30;
        List<Device> devices = List.of(
                home.connect("one", "a"),
                home.connect("two", "a"),
                home.connect("three", "a"),
                home.connect("three", "b"));
        String group = home.group("one", "two", "three");
        List<CompletableFuture<ServerFrame.MessageAck>> acks = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            for (Device device : devices) {
                acks.add(device.beginsToSend(group, UUID.randomUUID().toString(), "line " + i));
            }
        }
        for (CompletableFuture<ServerFrame.MessageAck> ack : acks) {
            Device.result(ack);
        }

        long last = 1L + acks.size();
        for (Device device : devices) {
            assertThat(device).eventually().sawEveryNumber(group, last);
            assertThat(device.heard(ServerFrame.MessageAck.class))
                    .extracting(ServerFrame.MessageAck::sequenceNumber)
                    .hasSize(each)
                    .isSorted();
        }
        // With its own messages left out, each device agrees with the log on which message has which number.
        var logged = MessageLog.of(milena).numbers(group);
        for (Device device : devices) {
            assertThat(device.received())
                    .allSatisfy(
                            message -> assertThat(logged).containsEntry(message.messageId(), message.sequenceNumber()));
        }
    }

    @Test
    void groupIsToldToEveryDeviceOfEveryMember() throws Exception {
        Device creator = home.connect("gina", "phone");
        Device member = home.connect("hugo", "phone");
        Device membersOther = home.connect("hugo", "laptop");

        Rest.Answer made = home.createGroup("gina", "told", "hugo", "ida");

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body().path("name").asText()).isEqualTo("plans");
        assertThat(made.body().path("memberCount").asInt()).isEqualTo(3);
        for (JsonNode participant : made.body().path("participants")) {
            boolean isCreator = participant.path("userId").asText().equals("gina");
            assertThat(participant.path("role").asText()).isEqualTo(isCreator ? "admin" : "member");
        }
        for (Device device : List.of(creator, member, membersOther)) {
            assertThat(device).eventually().heardOf(made.conversationId());
        }
        creator.sends(made.conversationId(), "welcome");
        assertThat(member).eventually().received("welcome").sawEveryNumber(made.conversationId(), 2);
    }

    @Test
    void idempotencyKeyMakesOneGroupForItsUser() throws Exception {
        Rest.Answer first = home.createGroup("kim", "monday", "lou");
        Rest.Answer again = home.createGroup("kim", "monday", "lou");
        Rest.Answer otherKey = home.createGroup("kim", "tuesday", "lou");
        Rest.Answer otherUser = home.createGroup("lou", "monday", "kim");

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.conversationId()).isEqualTo(first.conversationId());
        assertThat(List.of(otherKey.status(), otherUser.status())).containsOnly(201);
        assertThat(List.of(first.conversationId(), otherKey.conversationId(), otherUser.conversationId()))
                .doesNotHaveDuplicates();
    }

    @Test
    void sendByRestIsTheSameSend() throws Exception {
        Device mays = home.connect("may", "phone");
        Device noras = home.connect("nora", "phone");
        String talk = home.direct("may", "nora");

        Rest.Answer sent = home.posts("may", talk, "m-1", "by rest");
        Rest.Answer again = home.posts("may", talk, "m-1", "by rest, changed");
        ServerFrame.MessageAck bySocket = mays.sends(talk, "m-1", "by socket");
        mays.sends(talk, "m-2", "last");

        assertThat(sent.status()).isEqualTo(201);
        assertThat(sent.body().path("messageId").asText()).isEqualTo("m-1");
        assertThat(sent.body().path("sequenceNumber").asLong()).isEqualTo(2);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.error()).isEqualTo("DUPLICATE_MESSAGE");
        for (String field : List.of("messageId", "sequenceNumber", "timestamp")) {
            assertThat(again.body().path(field)).as(field).isEqualTo(sent.body().path(field));
        }
        assertThat(bySocket)
                .isEqualTo(new ServerFrame.MessageAck(
                        bySocket.id(),
                        "m-1",
                        talk,
                        2,
                        sent.body().path("timestamp").asLong(),
                        true));
        assertThat(noras).eventually().received("by rest", "last");
        assertThat(mays).eventually().received("by rest");
    }

    @Test
    void tokenIsTakenFromAddressAndSubprotocol() throws Exception {
        String token = home.tokenOf("otto");
        try (RawSocket byAddress = RawSocket.withTokenInAddress(milena.port(), token);
                RawSocket byHeader = RawSocket.withTokenInHeader(milena.port(), token)) {
            for (RawSocket socket : List.of(byAddress, byHeader)) {
                JsonNode greeting = socket.nextFrame();
                assertThat(greeting.path("type").asText()).isEqualTo("connected");
                assertThat(greeting.path("connectionId").asText()).startsWith("conn_");
                assertThat(greeting.path("heartbeatInterval").asLong()).isEqualTo(30_000);
                assertThat(greeting.path("resumed").asBoolean(true)).isFalse();
            }
            assertThat(byHeader.upgrade().lines())
                    .filteredOn(line -> line.regionMatches(true, 0, "Sec-WebSocket-Protocol:", 0, 23))
                    .singleElement()
                    .asString()
                    .endsWith("milena.v1");
            assertThat(byAddress.upgrade() + byHeader.upgrade()).doesNotContain(token);
        }
    }

    @Test
    void tenantsNeverMeet() throws Exception {
        try (Tenant shop = new Tenant(milena, "shop")) {
            Device alice = home.connect("paul", "phone");
            Device namesake = shop.connect("paul", "phone");
            Device shopsOther = shop.connect("quinn", "phone");
            String talk = home.direct("paul", "quinn");
            String shopsTalk = shop.direct("paul", "quinn");
            String group = home.group("paul", "quinn");

            alice.sends(talk, "at home");
            shopsOther.sends(shopsTalk, "in the shop");

            assertThat(shopsTalk).isNotEqualTo(talk);
            for (String foreign : List.of(talk, group)) {
                assertThatExceptionOfType(Device.Refused.class)
                        .isThrownBy(() -> namesake.sends(foreign, "let me in"))
                        .satisfies(e -> assertThat(e.code()).isEqualTo("CONVERSATION_NOT_FOUND"));
                Rest.Answer answer = shop.posts("paul", foreign, "m-1", "let me in");
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.error()).isEqualTo("CONVERSATION_NOT_FOUND");
            }
            assertThat(namesake).eventually().received("in the shop");
            assertThat(alice).received();
            assertThat(MessageLog.of(milena).events("shop", talk)).isEmpty();
            assertThat(MessageLog.of(milena).messages(talk)).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\0",
                " ",
                "\u0001\t\r\n\u007f\u0085\u2028\u2029",
                "e\u0301 is not \u00e9, \u212b is not \u00c5",
                "\ufeff\ufffe\uffff",
                "\ud83d\udc69\u200d\ud83d\udcbb \ud83c\uddf3\ud83c\uddf1 \udbff\udfff",
                "\u05e9\u05dc\u05d5\u05dd \u202eabc\u202c",
                "\"}\\u0000{\"type\":\"error\""
            })
    void textArrivesAsItWasSent(String text) throws Exception {
        Device rita = home.connect("rita", "phone");
        Device sven = home.connect("sven", "phone");
        String group = home.group("rita", "sven");

        rita.sends(group, text);

        await().atMost(Duration.ofSeconds(20)).until(() -> !sven.received().isEmpty());
        assertThat(sven).received(text);
        assertThat(MessageLog.of(milena).messages(group))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.getMessage().getContent().getText()).isEqualTo(text));
    }
}
