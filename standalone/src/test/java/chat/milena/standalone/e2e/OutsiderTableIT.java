package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.client.TokenMinter;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The outsiders' half of the table of bad input: every call and frame about a conversation × every conversation ×
/// every kind of person who may not make it. Each cell gets its code; where a conversation is none of theirs, the
/// answer is the same to the letter as for one that does not exist; and nothing happens.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutsiderTableIT {
    private static final Logger LOG = LoggerFactory.getLogger(OutsiderTableIT.class);
    private static final String ELSEWHERE = "elsewhere";

    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    private final List<String> tried = new ArrayList<>();
    private Tenant home;
    private TokenMinter minter;
    private Map<Target, String> ids;
    private Map<Target, Integer> events;

    /// What is asked for; `%s` is the conversation.
    private enum Ask {
        SEND("POST", "%s/messages", "{\"messageId\":\"m-%u\",\"content\":{\"type\":\"text\",\"text\":\"psst\"}}"),
        READ("POST", "%s/read", "{\"upToSequence\":1}"),
        RENAME("PATCH", "%s", "{\"name\":\"mine\"}"),
        OPEN_TO_INVITES("PATCH", "%s", "{\"settings\":{\"allowMemberInvites\":true,\"onlyAdminsCanPost\":false}}"),
        ADD_SOMEBODY("POST", "%s/members", "{\"userIds\":[\"somebody\"]}"),
        ADD_ONESELF("POST", "%s/members", "{\"userIds\":[\"%u\"]}"),
        REMOVE_THE_ADMIN("DELETE", "%s/members/alice", ""),
        REMOVE_SOMEBODY("DELETE", "%s/members/carol", ""),
        REMOVE_A_STRANGER("DELETE", "%s/members/nobody", ""),
        BECOME_ADMIN("PATCH", "%s/members/%u", "{\"role\":\"admin\"}"),
        DEMOTE_THE_ADMIN("PATCH", "%s/members/alice", "{\"role\":\"member\"}");

        private final String method;
        private final String path;
        private final String body;

        Ask(String method, String path, String body) {
            this.method = method;
            this.path = path;
            this.body = body;
        }
    }

    /// Which conversation it is asked of; alice is the admin of each group, bob and carol are members.
    private enum Target {
        GROUP,
        QUIET_GROUP,
        DIRECT,
        UNKNOWN
    }

    /// Who asks, as whom, and in which tenant.
    enum Outsider {
        NOBODY("alice"),
        EXPIRED("alice"),
        FORGED("alice"),
        UNSIGNED("alice"),
        OTHER_TENANTS_ADMIN("alice"),
        OTHER_TENANTS_STRANGER("mallory"),
        STRANGER("mallory"),
        FORMER_MEMBER("fred"),
        MEMBER("bob");

        private final String userId;

        Outsider(String userId) {
            this.userId = userId;
        }

        boolean isKnown() {
            return switch (this) {
                case NOBODY, EXPIRED, FORGED, UNSIGNED -> false;
                case OTHER_TENANTS_ADMIN, OTHER_TENANTS_STRANGER, STRANGER, FORMER_MEMBER, MEMBER -> true;
            };
        }
    }

    @BeforeAll
    void open() throws Exception {
        home = Tenant.ofDefault(milena);
        minter = TokenMinter.fromFile(milena.data().resolve("token.secret"), Clock.systemUTC());
        String group = home.group("alice", "bob", "carol", "fred");
        String quiet = home.group("alice", "bob", "carol", "fred");
        call("alice", "PATCH", quiet, "{\"settings\":{\"onlyAdminsCanPost\":true}}", 200);
        call("alice", "DELETE", group + "/members/fred", "", 204);
        call("alice", "DELETE", quiet + "/members/fred", "", 204);
        ids = Map.of(
                Target.GROUP,
                group,
                Target.QUIET_GROUP,
                quiet,
                Target.DIRECT,
                home.direct("alice", "carol"),
                Target.UNKNOWN,
                "grp_00000000000000000000000000000000");
        events = count();
    }

    @AfterAll
    void close() {
        home.close();
        LOG.info("The table of outsiders has {} cells", tried.size());
    }

    private void call(String userId, String method, String path, String body, int status) throws Exception {
        Rest.Answer answer = home.rest().call(method, "/api/v1/conversations/" + path, home.tokenOf(userId), body);
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    }

    private Map<Target, Integer> count() {
        MessageLog log = MessageLog.of(milena);
        return Map.of(
                Target.GROUP, log.events("default", ids.get(Target.GROUP)).size(),
                Target.QUIET_GROUP,
                        log.events("default", ids.get(Target.QUIET_GROUP)).size(),
                Target.DIRECT, log.events("default", ids.get(Target.DIRECT)).size(),
                Target.UNKNOWN, log.events("default", ids.get(Target.UNKNOWN)).size());
    }

    private String token(Outsider outsider) {
        String user = outsider.userId;
        return switch (outsider) {
            case NOBODY -> "";
            case EXPIRED -> minter.mint(user, "default", Duration.ofMinutes(-1));
            case FORGED ->
                new TokenMinter(
                                "another-secret-of-32-bytes-or-so".getBytes(StandardCharsets.US_ASCII),
                                Clock.systemUTC())
                        .mint(user, "default", Duration.ofHours(1));
            case UNSIGNED -> {
                String signed = minter.mint(user, "default", Duration.ofHours(1));
                yield signed.substring(0, signed.lastIndexOf('.') + 1);
            }
            case OTHER_TENANTS_ADMIN, OTHER_TENANTS_STRANGER -> minter.mint(user, ELSEWHERE, Duration.ofHours(1));
            case STRANGER, FORMER_MEMBER, MEMBER -> minter.mint(user, "default", Duration.ofHours(1));
        };
    }

    /// The code of a cell; empty where it is no outsider's.
    private static String expected(Outsider outsider, Target target, Ask ask) {
        return switch (outsider) {
            case NOBODY, EXPIRED, FORGED, UNSIGNED -> "UNAUTHORIZED";
            case OTHER_TENANTS_ADMIN, OTHER_TENANTS_STRANGER -> "CONVERSATION_NOT_FOUND";
            case STRANGER, FORMER_MEMBER ->
                switch (target) {
                    case GROUP, QUIET_GROUP -> "FORBIDDEN";
                    case DIRECT, UNKNOWN -> "CONVERSATION_NOT_FOUND";
                };
            case MEMBER ->
                switch (target) {
                    case GROUP -> ask == Ask.SEND || ask == Ask.READ ? "" : "FORBIDDEN";
                    case QUIET_GROUP -> ask == Ask.READ ? "" : "FORBIDDEN";
                    case DIRECT, UNKNOWN -> "CONVERSATION_NOT_FOUND";
                };
        };
    }

    private static int status(String code) {
        return switch (code) {
            case "UNAUTHORIZED" -> 401;
            case "FORBIDDEN" -> 403;
            case "CONVERSATION_NOT_FOUND" -> 404;
            default -> throw new IllegalArgumentException(code);
        };
    }

    @ParameterizedTest
    @EnumSource
    void everyCallAboutEveryConversation(Outsider outsider) throws Exception {
        for (Ask ask : Ask.values()) {
            String notFound = asked(outsider, ask, Target.UNKNOWN).text();
            for (Target target : Target.values()) {
                String code = expected(outsider, target, ask);
                if (code.isEmpty()) {
                    continue;
                }
                String cell = "%s wants to %s of %s".formatted(outsider, ask, target);
                Rest.Answer answer = asked(outsider, ask, target);
                tried.add(cell);
                assertThat(answer.error()).as("%s: %s", cell, answer).isEqualTo(code);
                assertThat(answer.status()).as("%s: %s", cell, answer).isEqualTo(status(code));
                if (code.equals("CONVERSATION_NOT_FOUND")) {
                    assertThat(answer.text()).as(cell).isEqualTo(notFound);
                }
            }
        }
        assertThat(count()).as("events after " + outsider).isEqualTo(events);
    }

    private Rest.Answer asked(Outsider outsider, Ask ask, Target target) throws Exception {
        String path = ask.path.replace("%s", ids.get(target)).replace("%u", outsider.userId);
        String body = ask.body.replace("%u", outsider.userId);
        return home.rest().call(ask.method, "/api/v1/conversations/" + path, token(outsider), body);
    }

    @ParameterizedTest
    @EnumSource
    void everySendOverASocket(Outsider outsider) throws Exception {
        if (!outsider.isKnown()) {
            tried.add(outsider + " connects");
            try (RawSocket socket = outsider == Outsider.NOBODY
                    ? RawSocket.withoutToken(milena.port())
                    : RawSocket.withTokenInHeader(milena.port(), token(outsider))) {
                assertThat(socket.next()).isEqualTo(new RawSocket.Received.Closed(4401));
            }
            return;
        }
        try (RawSocket socket = RawSocket.connected(milena.port(), token(outsider))) {
            String notFound = sent(socket, Target.UNKNOWN).toString();
            for (Target target : Target.values()) {
                String code = expected(outsider, target, Ask.SEND);
                if (!code.isEmpty()) {
                    String cell = "%s sends to %s over a socket".formatted(outsider, target);
                    tried.add(cell);
                    JsonNode error = sent(socket, target);
                    assertThat(error.path("type").asText())
                            .as("%s: %s", cell, error)
                            .isEqualTo("error");
                    assertThat(error.at("/payload/error").asText()).as(cell).isEqualTo(code);
                    assertThat(error.path("id").asText()).as(cell).isEqualTo("r");
                    if (code.equals("CONVERSATION_NOT_FOUND")) {
                        assertThat(error.toString()).as(cell).isEqualTo(notFound);
                    }
                }
            }
            socket.text("{\"type\":\"heartbeat\",\"id\":\"alive\"}");
            assertThat(socket.nextFrame("heartbeat").path("id").asText()).isEqualTo("alive");
        }
        assertThat(count()).as("events after " + outsider).isEqualTo(events);
    }

    @ParameterizedTest
    @EnumSource(names = {"OTHER_TENANTS_ADMIN", "OTHER_TENANTS_STRANGER", "STRANGER", "FORMER_MEMBER", "MEMBER"})
    void everyReceiptOverASocket(Outsider outsider) throws Exception {
        try (RawSocket socket = RawSocket.connected(milena.port(), token(outsider))) {
            for (String type : List.of("message.delivered", "message.read")) {
                String notFound = marked(socket, type, Target.UNKNOWN).toString();
                for (Target target : Target.values()) {
                    String code = expected(outsider, target, Ask.READ);
                    if (!code.isEmpty()) {
                        String cell = "%s says %s of %s over a socket".formatted(outsider, type, target);
                        tried.add(cell);
                        JsonNode error = marked(socket, type, target);
                        assertThat(error.at("/payload/error").asText())
                                .as("%s: %s", cell, error)
                                .isEqualTo(code);
                        assertThat(error.path("id").asText()).as(cell).isEqualTo("r");
                        if (code.equals("CONVERSATION_NOT_FOUND")) {
                            assertThat(error.toString()).as(cell).isEqualTo(notFound);
                        }
                    }
                }
            }
        }
        assertThat(count()).as("events after " + outsider).isEqualTo(events);
    }

    private JsonNode marked(RawSocket socket, String type, Target target) throws Exception {
        socket.text("{\"type\":\"" + type + "\",\"id\":\"r\",\"payload\":{\"conversationId\":\"" + ids.get(target)
                + "\",\"upToSequence\":1}}");
        return socket.nextFrame();
    }

    private JsonNode sent(RawSocket socket, Target target) throws Exception {
        socket.text("{\"type\":\"message.send\",\"id\":\"r\",\"payload\":{\"messageId\":\"m\",\"conversationId\":\""
                + ids.get(target) + "\",\"content\":{\"type\":\"text\",\"text\":\"psst\"}}}");
        return socket.nextFrame();
    }

    @ParameterizedTest
    @EnumSource
    void everyTokenThatIsNotOnesOwnDoesNotRefresh(Outsider outsider) throws Exception {
        tried.add(outsider + " refreshes carol's token");
        try (RawSocket carol = RawSocket.connected(milena.port(), home.tokenOf("carol"))) {
            String token = outsider == Outsider.NOBODY ? "" : token(outsider);
            carol.text("{\"type\":\"token.refresh\",\"id\":\"r\",\"payload\":{\"token\":\"" + token + "\"}}");
            JsonNode error = carol.nextFrame();
            assertThat(error.at("/payload/error").asText()).as("%s", error).isEqualTo("UNAUTHORIZED");
            carol.text("{\"type\":\"heartbeat\"}");
            carol.nextFrame("heartbeat");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NOBODY", "EXPIRED", "FORGED", "UNSIGNED"})
    void nothingIsCreatedWithoutAGoodToken(Outsider outsider) throws Exception {
        String direct = "{\"type\":\"direct\",\"participantIds\":[\"bob\"]}";
        String group = "{\"name\":\"n\",\"participantIds\":[\"bob\"]}";
        tried.add(outsider + " creates");
        assertThat(home.rest()
                        .post("/api/v1/conversations", token(outsider), direct)
                        .error())
                .isEqualTo("UNAUTHORIZED");
        assertThat(home.rest().post("/api/v1/groups", token(outsider), group).error())
                .isEqualTo("UNAUTHORIZED");
    }

    @Test
    void directConversationsHaveNoMemberCalls() throws Exception {
        for (Ask ask : Ask.values()) {
            if (ask != Ask.SEND && ask != Ask.READ) {
                tried.add("one of two wants to " + ask);
                String path = ask.path.replace("%s", ids.get(Target.DIRECT)).replace("%u", "alice");
                Rest.Answer answer = home.rest()
                        .call(
                                ask.method,
                                "/api/v1/conversations/" + path,
                                home.tokenOf("alice"),
                                ask.body.replace("%u", "alice"));
                assertThat(answer.status()).as("%s", answer).isEqualTo(400);
                assertThat(answer.error()).isEqualTo("INVALID_REQUEST");
            }
        }
        assertThat(count()).isEqualTo(events);
    }

    @Test
    void outsidersHearNothing() throws Exception {
        try (Tenant elsewhere = new Tenant(milena, ELSEWHERE)) {
            String group = home.group("anna", "ben", "gone");
            call("anna", "DELETE", group + "/members/gone", "", 204);
            Device namesake = elsewhere.connect("ben", "phone");
            Device former = home.connect("gone", "phone");
            Device stranger = home.connect("stranger", "phone");
            Device member = home.connect("ben", "phone");

            Device anna = home.connect("anna", "phone");
            anna.sends(group, "between us");

            DeviceAssert.assertThat(member).eventually().received("between us");
            // Whatever had been on its way to them would have come before these.
            namesake.sends(elsewhere.direct("ben", "x"), "mine");
            former.sends(home.direct("gone", "x"), "mine");
            stranger.sends(home.direct("stranger", "x"), "mine");
            for (Device outsider : List.of(namesake, former, stranger)) {
                tried.add("an outsider listens");
                DeviceAssert.assertThat(outsider).received();
            }
        }
    }
}
